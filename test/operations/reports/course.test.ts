// The course of a job: the rates and lags that are drawn, and what is drawn of them.
import { expect, test } from 'vitest';
import type { StepSample } from '../../../src/job/journal/record.ts';
import { chartSvg } from '../../../src/operations/reports/chart-svg.ts';
import { courseOf } from '../../../src/operations/reports/course.ts';
import { unitPlan } from '../../job/works.ts';

const plan = unitPlan('seed db1 → db3', 'passes');
const atMs = Date.UTC(2026, 10, 28, 2, 10, 11);
const mib = 1024 ** 2;
const bytes = (second: number, doneBytes: number): StepSample => ({
  step: 'held',
  atMs: atMs + second * 1000,
  doneBytes,
});

test('bytes a second are those between two samples', () => {
  const [chart, ...rest] = courseOf({ plan }, [bytes(0, 0), bytes(1, mib), bytes(2, 4 * mib)]);
  expect(rest).toEqual([]);
  expect(chart?.series[0]?.points.map(({ value }) => value)).toEqual([mib, 3 * mib]);
});

test('where a new runner begins with fewer bytes, or nobody told for long, there is a gap and no rate', () => {
  const samples = [bytes(0, 0), bytes(1, mib), bytes(2, 0), bytes(3, mib), bytes(603, 90 * mib), bytes(604, 91 * mib)];
  const [chart] = courseOf({ plan }, samples);
  expect(chart?.series[0]?.points.map(({ value }) => value)).toEqual([mib, undefined, mib, undefined, mib]);
  const svg = chart ? chartSvg(chart) : '';
  // Three lines: what lies on both sides of a gap is not joined.
  const [, path = ''] = /<path d="(M[^"]*)" fill="none"/.exec(svg) ?? [];
  expect(path.match(/M/g)).toHaveLength(3);
  expect(path).not.toContain('NaN');
});

test('the lag of a replica is drawn beside the bytes, and a step that told nothing is not drawn', () => {
  const lag = (second: number, lagSeconds: number): StepSample => ({
    step: 'middle',
    atMs: atMs + second * 1000,
    lagSeconds,
  });
  const charts = courseOf({ plan }, [bytes(0, 0), bytes(1, mib), bytes(2, mib), lag(3, 90), lag(4, 0)]);
  expect(charts.map(({ title, series }) => [title, series.length])).toEqual([
    ['Bytes a second', 1],
    ['Behind the source', 1],
  ]);
  expect(charts[1]?.valueText(90)).toBe('1 min 30 s');
  expect(courseOf({ plan }, [bytes(0, 0)])).toEqual([]);
});

test('a chart of nothing but zeros is a line at the bottom', () => {
  const points = [0, 1].map((second) => ({ atMs: atMs + second * 1000, value: 0 }));
  const svg = chartSvg({ title: 'Data moved', series: [{ name: '<b>', points }], valueText: String });
  expect(svg).not.toContain('NaN');
  expect(svg).toContain('&#60;b&#62;');
});

test('a target that is given up makes the others further at once, which is no rate', () => {
  const steady = Array.from({ length: 10 }, (_, second) => bytes(second, second * mib));
  const [chart] = courseOf({ plan }, [...steady, bytes(10, 5000 * mib), bytes(11, 5001 * mib)]);
  const values = chart?.series[0]?.points.map(({ value }) => value) ?? [];
  expect(values.at(-2)).toBeUndefined();
  expect(values.at(-1)).toBe(mib);
});
