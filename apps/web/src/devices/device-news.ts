import type { ListedDevice } from './device-access.ts';
import type { DeviceNews } from './device-choice.ts';

/** Names for whichever device the system prefers, not devices of their own. */
const ALIASES: ReadonlySet<string> = new Set(['', 'default', 'communications']);

/**
 * What a person is offered when devices were plugged in: the first of them that is not in use, with
 * whatever else of it came along, such as the microphone and the speaker of one headset.
 */
export function offerOf(
  added: readonly ListedDevice[],
  inUse: readonly (string | null)[],
): DeviceNews | null {
  const offered = added.filter(({ id }) => !ALIASES.has(id) && !inUse.includes(id));
  const [first] = offered;
  if (first === undefined) return null;
  const devices = offered.filter(
    (each, at) =>
      (each === first || (first.group !== '' && each.group === first.group)) &&
      offered.findIndex(({ kind, group }) => kind === each.kind && group === each.group) === at,
  );
  return { news: 'offered', label: first.label, devices };
}
