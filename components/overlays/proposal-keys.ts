// The effect of keys on a proposal. Enter alone never agrees: a plain proposal needs y, a grave one y and then the
// typed name.
import type { Look } from '../base/theme.ts';
import { moved } from '../base/Viewport.tsx';
import { closeOverlay, type ProposalPart, type ProposalView, type ScreenStore, showOverlay } from '../screen-store.ts';
import { edited, sheetMoves } from './overlay-editing.ts';
import { proposalRows } from './plan-proposal.ts';

interface ProposalActions {
  readonly say: (text: string) => void;
  /** The screen's width in cells, and the height of a sheet in lines. */
  readonly size: () => { readonly width: number; readonly height: number };
  readonly look: Look;
}

export function pressedInProposal(store: ScreenStore, view: ProposalView, key: string, actions: ProposalActions): void {
  if (view.typed === undefined) pressedInReading(store, view, key, actions);
  else pressedInTyping(store, view, view.typed, key, actions);
}

function pressedInReading(store: ScreenStore, view: ProposalView, key: string, actions: ProposalActions): void {
  const { proposal, shows, top } = view;
  const refused = proposal.agree === undefined;
  const move = sheetMoves[key];
  const part = partShown(view, key);
  if (['esc', 'q', 'n', 'left'].includes(key) || (refused && key === 'enter')) {
    closeOverlay(store);
    if (!refused) actions.say('nothing was done');
  } else if (part) {
    showOverlay(store, { ...view, shows: part, top: 0 });
  } else if (move) {
    const { width, height } = actions.size();
    // Below the lines are a blank line and the keys to press.
    const shown = actions.look.linear ? 1 : height - 2;
    const tops = Math.max(1, proposalRows(proposal, shows, width, actions.look).length - shown + 1);
    showOverlay(store, { ...view, top: moved(Math.min(top, tops - 1), move, tops, height) });
  } else if (key === 'y' && !refused) {
    if (proposal.grave.length > 0) showOverlay(store, { ...view, typed: '' });
    else agree(store, view, actions);
  } else if (key === 'enter') {
    actions.say('enter does nothing here: y begins it, esc goes back');
  }
}

/** The part that the key leads to; its second press leads back to the steps. undefined: it is another key. */
function partShown({ proposal, shows }: ProposalView, key: string): ProposalPart | undefined {
  if (key === 'v' && proposal.hasExact) return shows === 'exact' ? 'steps' : 'exact';
  return key === 'c' && proposal.changes ? (shows === 'changes' ? 'steps' : 'changes') : undefined;
}

function pressedInTyping(
  store: ScreenStore,
  view: ProposalView,
  typed: string,
  key: string,
  actions: ProposalActions,
): void {
  if (key === 'esc') {
    showOverlay(store, { ...view, typed: undefined });
  } else if (key !== 'enter') {
    showOverlay(store, { ...view, typed: edited(typed, key) });
  } else if (typed.trim() === view.proposal.name.trim()) {
    agree(store, view, actions);
  } else if (typed !== '') {
    showOverlay(store, { ...view, typed: '' });
    actions.say('that is not the name: nothing was done');
  }
}

function agree(store: ScreenStore, { proposal }: ProposalView, { say }: ProposalActions): void {
  closeOverlay(store);
  const said = proposal.agree?.();
  if (said !== undefined) say(said);
}
