// A host of the live picture, as the choice of donors sees it. Pure.
import { type HostPicture, silenceOf } from '../../fleet/picture.ts';
import { serviceState } from '../../fleet/service-state.ts';
import type { Seen } from '../../seed/methods/candidate.ts';
import { type Past, userOf } from '../plans/past.ts';

export function seenOf(picture: HostPicture, past: Past): Seen {
  const { host, report, remembered, link } = picture;
  const { server } = remembered;
  const silence = silenceOf(link);
  const state = serviceState(picture);
  const isUsed: Seen['isUsed'] = (snapshot) => userOf(past, host.name, snapshot) !== undefined;
  const stands = { down: state === 'down', isEmpty: state === 'blank' };
  return { host, report, ...stands, isUsed, ...(silence && { silence }), ...(server && { server }) };
}
