import type { CallView } from '../call/call-view.ts';
import type { SceneState } from './scene-state.ts';

/** What stands for a part of the page that is not here, or not yet, and the call over other programs. */
export function drawingScenes(
  landing: SceneState,
  video: SceneState & { readonly call: CallView },
) {
  const { call } = video;
  return {
    loading: { ...landing, draws: 'loading' },
    'loading-failed': { ...landing, draws: 'failed' },
    'loading-failed-sheet': { ...landing, draws: 'failed-sheet' },
    'loading-failed-sheet-call': { ...video, draws: 'failed-sheet' },
    'small-window': { ...video, draws: 'small-window' },
    'small-window-really': {
      ...video,
      draws: 'small-window',
      call: { ...call, cover: 'covered', next: { state: 'really', remainingMs: 2_000 } },
    },
  } as const satisfies Record<string, SceneState>;
}
