// What is chosen on the screen of a seed, and what there is to choose from: the donor, further targets, and the
// options. Pure, except for the small store that keeps it while the screen is open.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FleetPicture, HostPicture } from '../../../src/fleet/picture.ts';
import type { Past } from '../../../src/operations/plans/past.ts';
import type { SeedByName } from '../../../src/operations/seed/seed.ts';
import { seenOf } from '../../../src/operations/seed/seen.ts';
import type { EndingName } from '../../../src/seed/ending.ts';
import type { Candidate } from '../../../src/seed/methods/candidate.ts';
import { type Candidates, candidatesFor, otherTargets } from '../../../src/seed/methods/candidates.ts';
import { defaultMethod } from '../../../src/seed/methods/methods.ts';
import type { SeedTerms } from '../../../src/seed/request.ts';
import type { ListView } from '../../screen-store.ts';
import { isMarked, type Marks } from '../list/marks.ts';
import { type SeedOption, seedOptions, shownValue } from './options.ts';
import type { SeedParties } from './values.ts';

export interface SeedState {
  readonly cursor: ListView['cursor'];
  /** The candidate that the operator chose; undefined: the best. */
  readonly chosen: string | undefined;
  /** The targets besides the one that the screen was opened for. */
  readonly marks: Marks;
  readonly terms: SeedTerms;
  /** Present while the hosts are asked; its abort stops that. */
  readonly asking: { readonly by: AbortController; readonly sinceMs: number } | undefined;
}

export type SeedStore = StoreApi<SeedState>;

/** `also`: the names of further targets. */
export const createSeedStore = (also: readonly string[] = []): SeedStore =>
  createStore<SeedState>(() => ({
    cursor: undefined,
    chosen: undefined,
    marks: also.map((name) => ({ id: targetId(name), name })),
    terms: { compression: 'auto', clear: false, keepSnapshot: false },
    asking: undefined,
  }));

/** A row that the cursor can be on. */
export type SeedItem =
  | {
      readonly kind: 'candidate';
      readonly id: string;
      readonly candidate: Candidate;
      readonly best: boolean;
      readonly on: boolean;
    }
  | {
      readonly kind: 'target';
      readonly id: string;
      /** Absent: it takes no mark. */
      readonly name?: string;
      readonly picture: HostPicture;
      readonly on: boolean;
      /** The target that the screen was opened for. */
      readonly first: boolean;
      /** What it becomes in a set. */
      readonly becomes?: string;
      /** Why it can't be a target now. */
      readonly blocked?: string;
    }
  | { readonly kind: 'option'; readonly id: string; readonly option: SeedOption; readonly value: string };

export interface SeedChoices {
  readonly items: readonly SeedItem[];
  readonly unfit: Candidates['unfit'];
  readonly chosen: Candidate | undefined;
  readonly targets: readonly string[];
  /** Absent: the targets become replicas. */
  readonly ends?: EndingName;
}

type Chosen = Pick<SeedState, 'chosen' | 'marks' | 'terms'>;

const targetId = (name: string) => `to ${name}`;

/** `past`: facts from the journal. */
export function seedChoices(target: HostPicture, { hosts }: FleetPicture, state: Chosen, past: Past = []): SeedChoices {
  const seen = hosts.map((host) => seenOf(host, past));
  const { ends } = state.terms;
  const { candidates, unfit } = candidatesFor(seenOf(target, past), seen, ends);
  const chosen = state.chosen === undefined ? candidates[0] : candidates.find(({ id }) => id === state.chosen);
  const others = otherTargets(seenOf(target, past), seen, ends).flatMap(
    ({ one, why }): (SeedItem & { kind: 'target' })[] => {
      const { name } = one.host;
      const picture = hosts.find(({ host }) => host.name === name);
      if (!picture) return [];
      const blocked = name === chosen?.donor.name ? 'it is the donor' : why;
      const id = targetId(name);
      const on = blocked === undefined && isMarked(state.marks, { id });
      const becomes = on && ends === 'set' ? { becomes: `replica of ${target.host.name}` } : {};
      return [
        {
          kind: 'target',
          id,
          ...(blocked === undefined && { name }),
          picture,
          on,
          first: false,
          ...becomes,
          ...(blocked !== undefined && { blocked }),
        },
      ];
    },
  );
  const name = target.host.name;
  const donor = chosen && hosts.find(({ host }) => host.name === chosen.donor.name);
  const parties: SeedParties = {
    ...(donor && { donor }),
    method: chosen?.method ?? defaultMethod,
    targets: [target, ...others.filter(({ on }) => on).map(({ picture }) => picture)],
    others: hosts,
  };
  return {
    items: [
      ...candidates.map((candidate, index): SeedItem => {
        return {
          kind: 'candidate',
          id: `from ${candidate.id}`,
          candidate,
          best: index === 0,
          on: candidate === chosen,
        };
      }),
      {
        kind: 'target',
        id: targetId(name),
        picture: target,
        on: true,
        first: true,
        ...(ends === 'set' && { becomes: 'primary of the set' }),
      },
      ...others,
      ...seedOptions.map((option): SeedItem => {
        return { kind: 'option', id: `how ${option.title}`, option, value: shownValue(option, state.terms, parties) };
      }),
    ],
    unfit,
    chosen,
    targets: parties.targets.map(({ host }) => host.name),
    ...(ends && { ends }),
  };
}

/** Why some of the hosts that were marked elsewhere are no targets now. */
export function notTargets({ items, targets }: SeedChoices, also: readonly string[]): readonly string[] {
  return also
    .filter((name) => !targets.includes(name))
    .map((name) => {
      const item = items.find(({ id }) => id === targetId(name));
      const why = item?.kind === 'target' ? item.blocked : 'another cluster or vendor than the others';
      return `${name} is no target: ${why}`;
    });
}

/** undefined: no donor is chosen. */
export function choiceOf({ chosen, targets }: SeedChoices, terms: SeedTerms): SeedByName | undefined {
  if (!chosen) return undefined;
  const { donor, method, snapshot } = chosen;
  return {
    donor: donor.name,
    targets,
    terms,
    method: method.name,
    ...(snapshot && { snapshot: snapshot.uuid }),
  };
}
