import { signal } from '@preact/signals';
import type { AppModel } from '../../state/app-model.ts';

type OtherWindow = Window & typeof globalThis;

/** https://wicg.github.io/document-picture-in-picture/, of which the compiler does not know yet. */
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

/** The window of our own that lies over other programs, while it is open. */
const ours = signal<Window | null>(null);

function canShowSmallWindow(): boolean {
  return window.documentPictureInPicture !== undefined || document.pictureInPictureEnabled;
}

/** There is a picture to show in it, or it is open and can be closed. */
export function canToggleSmallWindow(app: AppModel): boolean {
  return ours.value !== null || (canShowSmallWindow() && app.call.peerStream.value !== null);
}

/**
 * Opens the stranger's picture over other programs, or closes it; only ever by a press. Where the
 * browser gives a window it has Next, Report and the microphone beside the picture; elsewhere it
 * is the picture alone. Either way it shows what the model passes and nothing else: it is covered
 * when the stranger is, or closed where the browser cannot cover.
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
    // The press is too long ago, or the system has no such window: everything stays as it is.
  }
}

async function toggleBare(): Promise<void> {
  const video = document.querySelector<HTMLVideoElement>('.tile.them > video');
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
    // Not sooner: its own style sheet comes into the page with its code.
    dress(small);
    drawSmallWindow(small, app);
  } catch (error) {
    small.close();
    throw error;
  }
}

/**
 * Gives it the page's language and direction, and the rules of the style sheets that the page has: no
 * second request for what is here, and nothing that is drawn before it comes.
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
