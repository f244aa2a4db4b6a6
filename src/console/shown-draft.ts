// A draft with the preview of its steps, as the console shows it.
import type { Planned } from '../job/plan/refusal.ts';
import type { Author, Draft } from '../operations/plans/draft.ts';
import { previewOf, type StepPreview } from '../operations/plans/preview.ts';

export type ShownDraft = Draft & { readonly steps: readonly StepPreview[] };

export const shownDraft = (draft: Draft): ShownDraft => ({
  ...draft,
  steps: draft.planned.ok ? previewOf(draft.planned.plan) : [],
});

/** One that was refused before its hosts were asked. `name`: of the host, or of the targets. */
export const refusedDraft = (planned: Planned, name: string, { key, who }: Author): ShownDraft =>
  shownDraft({ planned, key, who, targets: [], impact: [], name });
