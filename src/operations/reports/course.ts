// The course of a job as charts: bytes a second of each step that moves data, and the lag of each replica. Pure.
import type { JobRecord, StepSample } from '../../job/journal/record.ts';
import { everyStep } from '../../job/plan/plan.ts';
import { bytesPerSecondText, perSecond } from '../../text/rate.ts';
import { twoPartDuration } from '../../text/times.ts';
import type { Chart, Point, Series } from './document.ts';

/** Empty where too little was told. `samples`: by step and time, as the journal has them. */
export function courseOf(job: Pick<JobRecord, 'plan'>, samples: readonly StepSample[]): readonly Chart[] {
  const bySteps = Map.groupBy(samples, ({ step }) => step);
  const drawn = (pointsOf: (samples: readonly StepSample[]) => readonly Point[]): readonly Series[] =>
    everyStep(job.plan).flatMap(({ name, title }) => {
      const points = pointsOf(bySteps.get(name) ?? []);
      return points.length < 2 ? [] : [{ name: title, points }];
    });
  const rates: Chart = { title: 'Bytes a second', series: drawn(ratesOf), valueText: bytesPerSecondText };
  const lags: Chart = {
    title: 'Behind the source',
    series: drawn(lagsOf),
    valueText: (seconds) => twoPartDuration(seconds * 1000),
  };
  return [rates, lags].filter(({ series }) => series.length > 0);
}

/** A runner that goes on with a step may begin with fewer bytes, or after a pause: what was moved then is not known. */
function ratesOf(samples: readonly StepSample[]): readonly Point[] {
  const counted = samples.flatMap(({ atMs, doneBytes }) =>
    doneBytes === undefined ? [] : [{ atMs, amount: doneBytes }],
  );
  const isGap = gapsOf(counted);
  const rates = counted.slice(1).map((sample, index): Point => {
    const before = counted[index];
    const isTold = before !== undefined && sample.amount >= before.amount && !isGap(before.atMs, sample.atMs);
    return { atMs: sample.atMs, value: isTold ? perSecond(before, sample) : undefined };
  });
  return withoutLeaps(rates);
}

/** Several targets are as far as the last of them: where that one is given up, the step is further at once, and nothing moved so fast. */
function withoutLeaps(rates: readonly Point[]): readonly Point[] {
  const most = 20 * middleOf(rates.flatMap(({ value }) => (value === undefined || value === 0 ? [] : [value])));
  return rates.map((point) =>
    point.value !== undefined && point.value > most ? { ...point, value: undefined } : point,
  );
}

const middleOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;

function lagsOf(samples: readonly StepSample[]): readonly Point[] {
  const counted = samples.flatMap(({ atMs, lagSeconds }) =>
    lagSeconds === undefined ? [] : [{ atMs, value: lagSeconds }],
  );
  const isGap = gapsOf(counted);
  return counted.flatMap((point, index) => {
    const before = counted[index - 1];
    const gap = before && isGap(before.atMs, point.atMs) ? [{ atMs: before.atMs, value: undefined }] : [];
    return [...gap, point];
  });
}

/** Much longer than it mostly took until the next was told. */
function gapsOf(times: readonly { readonly atMs: number }[]): (fromMs: number, toMs: number) => boolean {
  const steps = times.slice(1).map(({ atMs }, index) => atMs - (times[index]?.atMs ?? atMs));
  const longestMs = Math.max(15_000, 5 * middleOf(steps));
  return (fromMs, toMs) => toMs - fromMs > longestMs;
}
