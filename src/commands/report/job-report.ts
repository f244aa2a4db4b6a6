// reseed report job: what happened in a job, as a file for those who were not there.
import { Command } from 'commander';
import type { OtherName } from '../../history/name.ts';
import type { JobRecord } from '../../job/journal/record.ts';
import { carriedOn, type JobStore } from '../../operations/jobs/job-store.ts';
import { untoldCommands } from '../../operations/jobs/job-trouble.ts';
import { htmlText } from '../../operations/reports/as-html.ts';
import { markdownLines } from '../../operations/reports/as-markdown.ts';
import { postMortem } from '../../operations/reports/post-mortem.ts';
import { exampleText, exitWith, printLine, printRefusal } from '../answer.ts';
import { withJob } from '../jobs/job/with-job.ts';

interface Options {
  readonly html?: boolean;
}

export const jobReportCommand = (): Command =>
  new Command('job')
    .description(
      'what happened in a job: times, who asked for it, what was to be lost, its steps, rates and lag, what it ran, how it ended; as Markdown. reseed report 17 is the same',
    )
    .argument('<id>', 'its number; see reseed jobs')
    .option('--html', 'as one file of HTML with pictures, which loads nothing and runs nothing')
    .addHelpText('after', exampleText(['reseed report 17 >job-17.md', 'reseed report 17 --html >job-17.html']))
    .action(async (id: string, options: Options) => {
      if (options.html && process.stdout.isTTY) {
        const advice = `reseed report ${id} --html >job.html`;
        exitWith(printRefusal(false, { kind: 'usage', message: 'HTML is for a file, not for a terminal', advice }));
        return;
      }
      const acts = { own: (store: JobStore, job: JobRecord) => print(store, job, options), other: elsewhere };
      await withJob(id, {}, acts);
    });

/** What moved is told in the journal of that jump host alone. */
async function elsewhere(_: JobStore, { host, id }: OtherName): Promise<void> {
  const message = `the report of job ${host}:${id} is made by ${host}, whose journal has its course`;
  const advice = `there: reseed report ${id}; here: reseed job show ${host}:${id}`;
  exitWith(printRefusal(false, { kind: 'refused', message, advice }));
}

function print(store: JobStore, job: JobRecord, { html }: Options): void {
  const { home, journal } = store;
  const document = postMortem(job, {
    carried: carriedOn(store, job),
    commands: journal.commands(job.id),
    samples: journal.samples(job.id),
    untold: untoldCommands(store, job.id),
    log: home.log(job.id),
    nowMs: Date.now(),
  });
  if (html) process.stdout.write(htmlText(document));
  else for (const line of markdownLines(document)) printLine(line);
}
