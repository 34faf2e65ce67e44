import type { CallView } from '../call/call-view.ts';
import type { VideoOfferView } from '../call/video-way.ts';
import type { ChatView } from '../chat/chat-view.ts';
import type { DevicesView } from '../devices/devices-view.ts';
import type { OwnCheckReport } from '../shield/own-check.ts';
import { CAUTION_CHAT, CHAT, line } from './sample-chats.ts';
import type { SceneState } from './scene-state.ts';

/** Words of several scripts, and what no line is prepared for. */
const SCRIPTS = [
  'مرحبا! كيف حالك اليوم؟',
  'שלום, hello, and שלום again',
  'I like قهوة (coffee) a lot…',
  '你好。今天下雨了，我在家喝茶。',
  '👩🏽‍🍳🫖✨ 🏳️‍🌈 👩🏽‍🚀',
  'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft',
  'سطر أول\nand a second line\nוהשלישי',
];

const POSSIBLE: VideoOfferView = {
  state: 'possible',
  peer: false,
  refused: null,
  mayAgree: false,
};

/** A text call beyond its plainest states: what is asked, what is quiet, and the way to video. */
export function textScenes(
  text: SceneState,
  call: CallView,
  { ready, none }: { readonly ready: DevicesView; readonly none: DevicesView },
) {
  const chat: ChatView = { ...CHAT, peerTyping: false };
  const turning = (
    video: Partial<VideoOfferView>,
    devices = none,
    state: OwnCheckReport['state'] = 'none',
  ): SceneState => ({
    ...text,
    devices,
    ownCheck: { ...text.ownCheck, state },
    call: { ...call, video: { ...POSSIBLE, ...video } },
  });
  const lines = SCRIPTS.map((said, at) => line(at, at % 2 === 0 ? 'peer' : 'you', said));
  return {
    'text-caution': { ...text, chat: CAUTION_CHAT },
    'text-age': { ...text, chat: { ...chat, lines: [...CHAT.lines, line(4, 'peer', '17 m')] } },
    'text-no-language': {
      ...text,
      call: { ...call, sharedInterests: [], sharedLanguages: [], noSharedLanguage: true },
    },
    'text-quiet': { ...text, chat: { ...chat, peerQuietMinutes: 2 } },
    'text-scripts': { ...text, chat: { ...chat, lines, draft: 'مرحبا' } },
    'text-video-theirs': turning({ state: 'theirs', peer: true }),
    'text-video-asking': turning({ state: 'getting-ready' }, { ...none, state: 'asking' }),
    'text-video-checking': turning({ state: 'getting-ready' }, ready, 'checking'),
    'text-video-ready': turning({ state: 'getting-ready', mayAgree: true }, ready, 'clean'),
    'text-video-explicit': turning({ state: 'getting-ready' }, ready, 'explicit'),
    'text-video-no-camera': turning(
      { state: 'getting-ready' },
      { ...none, state: 'failed', failure: { kind: 'not-found', device: 'camera' } },
    ),
    'text-video-waiting': turning({ state: 'waiting' }, ready, 'clean'),
    'text-video-refused': turning({ refused: 'not-now' }),
  } as const satisfies Record<string, SceneState>;
}
