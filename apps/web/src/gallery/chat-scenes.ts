import { CAUTION_CHAT, LONG_CHAT } from './sample-chats.ts';
import type { SceneState } from './scene-state.ts';

/** The words beside two pictures: what stays in the box, and what came below what is read. */
export function chatScenes(video: SceneState) {
  return {
    'call-too-long': {
      ...video,
      chat: {
        ...LONG_CHAT,
        draft: 'A very long thought. '.repeat(52),
        draftFault: 'too-long',
        draftRemaining: -92,
      },
    },
    'call-caution': { ...video, chat: CAUTION_CHAT },
    'call-unread': { ...video, chat: { ...LONG_CHAT, unread: 2 } },
  } as const satisfies Record<string, SceneState>;
}
