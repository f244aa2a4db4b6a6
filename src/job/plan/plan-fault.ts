// What a plan says is not what its step needs: the step fails with these words, the job ends, and what it made is taken away.

export class PlanFault extends Error {
  override readonly name = 'PlanFault';
}
