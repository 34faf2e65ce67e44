import type { Heard } from '../../a11y/hearing.ts';
import type { ConnectionCheckState } from '../../call/connection-check.ts';
import type { DevicesView } from '../../devices/devices-view.ts';
import type { WordKey } from '../../i18n/words.ts';
import type { OwnCheckReport } from '../../shield/own-check.ts';

export interface Readiness {
  readonly own: Pick<OwnCheckReport, 'state' | 'dark'>;
  readonly devices: Pick<DevicesView, 'camera' | 'microphone'>;
  readonly heard: Heard;
  readonly way: ConnectionCheckState;
}

/** If several obstacles prevent a start, the page shows the most serious one. */
export function readinessWords({
  own,
  devices,
  heard,
  way,
}: Readiness): readonly [title: WordKey, lead: WordKey] {
  const { camera, microphone } = devices;
  const seen = 'greenRoom.readyLead';
  if (own.state === 'explicit') return ['shield.ownExplicitTitle', 'shield.ownExplicit'];
  if (own.state === 'unavailable') return ['shield.ownUnavailableTitle', 'shield.ownUnavailable'];
  if (camera === 'interrupted') return ['greenRoom.stopped', 'greenRoom.stoppedLead'];
  if (way === 'blocked') return ['greenRoom.noWay', 'greenRoom.noWayLead'];
  if (own.state === 'waiting' || own.state === 'checking') return ['greenRoom.soon', seen];
  const isSeen = own.state !== 'none';
  if (microphone !== 'on') {
    return isSeen
      ? ['greenRoom.readyUnheard', 'greenRoom.readyUnheardLead']
      : ['greenRoom.readyNeither', 'greenRoom.readyNeitherLead'];
  }
  const lead = isSeen ? seen : 'greenRoom.readyUnseenLead';
  if (heard === 'silent') return ['greenRoom.silent', lead];
  if (heard === 'quiet') return ['greenRoom.faint', lead];
  if (!isSeen) return ['greenRoom.readyUnseen', lead];
  return [own.dark ? 'greenRoom.dim' : 'greenRoom.ready', lead];
}
