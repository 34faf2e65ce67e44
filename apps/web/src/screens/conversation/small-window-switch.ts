import { signal } from '@preact/signals';
import type { AppModel } from '../../state/app-model.ts';

/** https://wicg.github.io/document-picture-in-picture/, of which the compiler does not know yet. */
interface DocumentPictureInPicture {
  requestWindow(options: { readonly width: number; readonly height: number }): Promise<Window>;
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

export function canShowSmallWindow(): boolean {
  return window.documentPictureInPicture !== undefined || document.pictureInPictureEnabled;
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
  dress(small.document);
  const { drawSmallWindow } = await import('./small-window.tsx');
  drawSmallWindow(small, app);
}

/** Gives it the page's language, direction and looks, by the files that the page has already. */
function dress(other: Document): void {
  const { lang, dir } = document.documentElement;
  other.documentElement.lang = lang;
  other.documentElement.dir = dir;
  other.title = document.title;
  for (const sheet of document.querySelectorAll('link[rel="stylesheet"], style')) {
    const copy = other.importNode(sheet, true);
    if (sheet instanceof HTMLLinkElement) copy.setAttribute('href', sheet.href);
    other.head.append(copy);
  }
}
