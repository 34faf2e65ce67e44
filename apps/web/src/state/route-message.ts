import type { Signal } from '@preact/signals';
import type { CallMessage } from '../call/call-state.ts';
import type { ChatModel } from '../chat/chat-model.ts';
import type { Reporting } from '../report/reporting.ts';
import type { RoutedMessage } from '../signal/signal-client.ts';
import type { PlannedStop } from './planned-stop.ts';
import type { Rejoin } from './rejoin.ts';
import type { StandingModel } from './standing-model.ts';

/** Whoever takes what a node says, above the link. */
export interface Receivers {
  readonly count: Signal<number | null>;
  readonly plannedStop: Pick<PlannedStop, 'announce'>;
  readonly standing: Pick<StandingModel, 'receive'>;
  refuseAge(): void;
  readonly chat: Pick<ChatModel, 'receive'>;
  readonly reporting: Pick<Reporting, 'receive' | 'standingTold'>;
  readonly rejoin: Pick<Rejoin, 'heardEnd'>;
  call(message: CallMessage): void;
}

/** Hands a node's message to the part that it is for. */
export function routeMessage(message: RoutedMessage, to: Receivers): void {
  switch (message.type) {
    case 'online.count':
      to.count.value = message.online;
      return;
    case 'server.moving':
      to.plannedStop.announce(message.deadlineMs);
      return;
    case 'standing.changed':
      to.standing.receive(message);
      to.reporting.standingTold(message);
      return;
    case 'age.answered':
      if (message.refused) to.refuseAge();
      return;
    case 'chat.line':
    case 'chat.refused':
    case 'chat.typing':
      to.chat.receive(message);
      return;
    case 'report.accepted':
    case 'report.refused':
    case 'block.accepted':
    case 'block.refused':
    case 'block.removed':
    case 'block.kept':
      to.reporting.receive(message);
      return;
    case 'ticket.accepted':
    case 'ticket.refused':
    case 'ticket.withdrawn':
    case 'match.found':
    case 'signal.offer':
    case 'signal.answer':
    case 'signal.candidate':
    case 'signal.refused':
    case 'media.updated':
    case 'direct.updated':
    case 'video.updated':
    case 'video.refused':
    case 'video.started':
    case 'peer.presence':
    case 'call.restoring':
    case 'call.restored':
    case 'restore.refused':
      to.call(message);
      return;
    case 'call.ended':
      to.rejoin.heardEnd(message.match);
      to.call(message);
  }
}
