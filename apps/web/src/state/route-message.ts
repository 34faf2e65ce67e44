import type { LazyModel } from '../base/lazy-model.ts';
import type { CallRunner } from '../call/call-runner.ts';
import type { Invitation } from '../call/invitation.ts';
import type { Reactions } from '../call/reactions.ts';
import type { ChatModel } from '../chat/chat-model.ts';
import type { Reporting } from '../report/reporting.ts';
import type { FeatureMessage } from '../signal/link-model.ts';
import type { StandingModel } from '../signal/standing-model.ts';
import type { Navigation } from './navigation.ts';

export interface Receivers {
  readonly standing: Pick<StandingModel, 'receive'>;
  readonly navigation: Pick<Navigation, 'ageTold' | 'rejoin'>;
  readonly chat: Pick<ChatModel, 'receive'>;
  readonly reactions: Pick<LazyModel<Pick<Reactions, 'receive'>>, 'use'>;
  readonly invitation: Pick<LazyModel<Pick<Invitation, 'receive'>>, 'use'>;
  readonly records: Pick<Reporting, 'receive' | 'standingTold'>;
  readonly call: { readonly runner: Pick<CallRunner, 'dispatch'> };
}

export function routeMessage(message: FeatureMessage, to: Receivers): void {
  switch (message.type) {
    case 'standing.changed':
      to.standing.receive(message);
      to.records.standingTold(message);
      return;
    case 'age.answered':
      to.navigation.ageTold(message);
      return;
    case 'chat.line':
    case 'chat.refused':
    case 'chat.typing':
      to.chat.receive(message);
      return;
    case 'call.reaction':
    case 'call.card':
    case 'round.ending':
    case 'call.exchange':
      to.reactions.use((reactions) => reactions.receive(message));
      return;
    case 'invitation.created':
    case 'invitation.refused':
      to.invitation.use((invitation) => invitation.receive(message));
      return;
    case 'report.accepted':
    case 'report.refused':
    case 'block.accepted':
    case 'block.refused':
    case 'block.removed':
    case 'block.kept':
      to.records.receive(message);
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
    case 'mode.lowered':
    case 'peer.presence':
    case 'call.restoring':
    case 'call.restored':
    case 'restore.refused':
      to.call.runner.dispatch({ event: 'message', message });
      return;
    case 'call.ended':
      to.navigation.rejoin.heardEnd(message.match);
      to.call.runner.dispatch({ event: 'message', message });
  }
}
