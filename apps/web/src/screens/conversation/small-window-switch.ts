import { signal } from '@preact/signals';
import type { AppModel } from '../../state/app-model.ts';

type OtherWindow = Window & typeof globalThis;

/**
 * Document Picture-in-Picture, which TypeScript's types don't have yet:
 * https://wicg.github.io/document-picture-in-picture/
 */
interface DocumentPictureInPicture {
  requestWindow(options: { readonly width: number; readonly height: number }): Promise<OtherWindow>;
}

declare global {
  interface Window {
    readonly documentPictureInPicture?: DocumentPictureInPicture;
  }
}

const WIDTH_PX = 320;
const HEIGHT_PX = 300;

const ours = signal<Window | null>(null);

function canShowSmallWindow(): boolean {
  return window.documentPictureInPicture !== undefined || document.pictureInPictureEnabled;
}

/**
 * Whether the picture-in-picture button has an effect: there is a picture to show or a window to
 * close.
 */
export function canToggleSmallWindow(app: AppModel): boolean {
  return ours.value !== null || (canShowSmallWindow() && app.call.peerStream.value !== null);
}

/**
 * Opens or closes the picture-in-picture window. Works only during a user gesture. A document
 * window also has buttons for Next, Report and the microphone; browsers without document windows
 * show a plain video. The window shows only what the model allows. When the peer is covered, the
 * window is covered too, or closes if the browser can't cover it.
 */
export async function toggleSmallWindow(app: AppModel): Promise<void> {
  if (ours.peek() !== null) {
    ours.peek()?.close();
    return;
  }
  try {
    if (window.documentPictureInPicture === undefined) await toggleBare();
    else await open(window.documentPictureInPicture, app);
  } catch {
    // The request fails if the user gesture expired or the system has no such window. Nothing
    // changes then.
  }
}

async function toggleBare(): Promise<void> {
  const video = document.querySelector<HTMLVideoElement>('.tile.them .picture > video');
  if (document.pictureInPictureElement !== null) await document.exitPictureInPicture();
  else await video?.requestPictureInPicture();
}

async function open(pictures: DocumentPictureInPicture, app: AppModel): Promise<void> {
  const small = await pictures.requestWindow({ width: WIDTH_PX, height: HEIGHT_PX });
  ours.value = small;
  small.addEventListener('pagehide', () => {
    ours.value = null;
  });
  try {
    const { drawSmallWindow } = await import('./small-window.tsx');
    // The styles are copied now, because they arrived with the code that has just loaded.
    dress(small);
    drawSmallWindow(small, app);
  } catch (error) {
    small.close();
    throw error;
  }
}

/**
 * Copies language, text direction and styles into the picture-in-picture window, so that the
 * window needs no request.
 */
function dress(small: OtherWindow): void {
  const { lang, dir } = document.documentElement;
  const other = small.document;
  other.documentElement.lang = lang;
  other.documentElement.dir = dir;
  other.title = document.title;
  other.adoptedStyleSheets = [...document.styleSheets].map((sheet) => {
    const copy = new small.CSSStyleSheet();
    copy.replaceSync([...sheet.cssRules].map(({ cssText }) => cssText).join('\n'));
    return copy;
  });
}
