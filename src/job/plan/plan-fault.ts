// A plan does not have what its step needs: the step fails with these words, the job ends, and its resources are
// released.

export class PlanFault extends Error {
  override readonly name = 'PlanFault';
  readonly advice: string;

  constructor(message: string, advice = 'abort the job, and plan it anew') {
    super(message);
    this.advice = advice;
  }
}
