import '../../styles/reactions.css';
import type { Reaction } from '@farandole/protocol/fields';
import { Drawing } from '@farandole/ui/drawing';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ShownReaction } from '../../call/reactions.ts';
import { t } from '../../i18n/words.ts';
import { useApp } from '../app-context.ts';

/**
 * Shapes of the reaction icons, in the picker's order. They are drawn because some systems have
 * no font with colour emoji.
 */
const SHAPES = {
  wave: [
    'M8.2 13.4 5.9 9.6a1.4 1.4 0 0 1 2.4-1.4l2.2 3.4M10.2 11 7.4 6.4a1.4 1.4 0 0 1 2.4-1.4l2.9 4.7',
    'M12.4 9.3 10.3 5.8a1.4 1.4 0 0 1 2.4-1.4l3.6 6 .3-2.3a1.5 1.5 0 0 1 3 .3l-.6 5.6a6.6 6.6 0 0 1-11.9 3.2l-2.7-4.3a1.4 1.4 0 0 1 2.4-1.5l1.4 2',
    'M3.2 16.2a6 6 0 0 0 2.6 4M16 2.8a5.6 5.6 0 0 1 3.4 1.8',
  ],
  heart: ['M12 20S3.5 15 3.5 9.3A4.6 4.6 0 0 1 12 6.9a4.6 4.6 0 0 1 8.5 2.4C20.5 15 12 20 12 20Z'],
  laugh: [
    'M5.5 12.5h13a6.5 6.5 0 0 1-13 0Z',
    'M5.2 8.6C6 7 8 7 8.8 8.6M15.2 8.6c.8-1.6 2.8-1.6 3.6 0',
    'M3.4 13.8v.4M20.6 13.8v.4',
  ],
  clap: [
    'M10.8 9.2 6.6 14a4.4 4.4 0 0 0 6.6 5.8l4.6-5.3a1.4 1.4 0 0 0-2.1-1.8M15.7 12.7l1.5-1.7a1.4 1.4 0 0 0-2.1-1.9l-2 2.3M15 9.2l.6-.7a1.4 1.4 0 0 0-2.1-1.8L8.6 12.3',
    'M8.6 12.3 8 9.4a1.4 1.4 0 0 1 2.7-.6',
    'M18.8 7.2l1.7-1.7M15.6 4.2l.5-2.2M20.6 10.6l2-.4',
  ],
  music: [
    'M9 17.5V5.8l10.5-2.3v11.7',
    'M6.3 14.8a2.7 2.7 0 1 0 .01 0M16.8 12.5a2.7 2.7 0 1 0 .01 0',
  ],
} as const satisfies Record<Reaction, readonly string[]>;

const REACTIONS = Object.keys(SHAPES) as readonly Reaction[];

/**
 * Shows the picker for reactions, the visible reactions, and the reason why the last reaction
 * wasn't sent.
 */
export function Reactions() {
  const model = useApp().reactions.model.value;
  const picker = useRef<HTMLDivElement>(null);
  const isLoaded = model !== null;
  useEffect(() => {
    const element = picker.current;
    if (!isLoaded || element === null) return;
    // The bar moves when the device is turned, the keyboard closes or the text grows.
    const observer = new ResizeObserver(() => placePicker(element));
    for (const part of document.querySelectorAll('.talk, .talk .bar')) observer.observe(part);
    return () => observer.disconnect();
  }, [isLoaded]);
  if (model === null) return null;
  const refusal = model.refusal.value;
  return (
    <>
      <div
        ref={picker}
        id="reactions"
        class="reaction-picker"
        popover="auto"
        role="dialog"
        aria-label={t('reaction.open')}
        onBeforeToggle={({ currentTarget }) => placePicker(currentTarget)}
      >
        {REACTIONS.map((reaction) => (
          <button
            key={reaction}
            type="button"
            class="btn ic"
            popovertarget="reactions"
            popovertargetaction="hide"
            aria-label={t(`reaction.${reaction}`)}
            title={t(`reaction.${reaction}`)}
            onClick={() => model.send(reaction)}
          >
            <Sticker reaction={reaction} size={24} />
          </button>
        ))}
      </div>
      <div class="reactions" aria-hidden="true">
        {model.shown.value.map((shown) => (
          <Floating key={shown.key} shown={shown} />
        ))}
        {refusal !== null && <p class="reaction-refusal">{t(`reaction.${refusal}`)}</p>}
      </div>
    </>
  );
}

/**
 * An animated reaction. It rises from the sender's edge of the stranger's picture or, in a text call,
 * of the chat.
 */
function Floating({ shown: { key, from, reaction } }: { shown: ShownReaction }) {
  const element = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (element.current !== null) placeFloating(element.current, from, key);
  }, [from, key]);
  return (
    <span ref={element} class="floating">
      <Sticker reaction={reaction} size={32} />
    </span>
  );
}

function Sticker({ reaction, size }: { reaction: Reaction; size: number }) {
  return (
    <span class={`sticker ${reaction}`}>
      <Drawing shapes={SHAPES[reaction]} size={size} />
    </span>
  );
}

/** Horizontal distance of a reaction from the sender's edge, as a share of the width. */
const INSET = 0.14;
/** Maximum horizontal distance between consecutive reactions, as a share of the width. */
const APART_MAX_PX = 60;
const ABREAST = 3;
const RISE_MAX_PX = 260;

function placeFloating(element: HTMLElement, from: ShownReaction['from'], key: number): void {
  const origin =
    document.querySelector('.talk.video .front') ?? document.querySelector('.talk .log');
  const box = (origin ?? document.documentElement).getBoundingClientRect();
  const isLeft = (from === 'peer') === (document.dir !== 'rtl');
  const inset = box.width * INSET + (key % ABREAST) * Math.min(APART_MAX_PX, box.width / 4);
  setLengths(element, {
    x: isLeft ? box.left + inset : box.right - inset,
    y: box.bottom - Math.min(box.height * 0.35, 92),
    rise: Math.min(box.height * 0.5, RISE_MAX_PX),
  });
}

/**
 * Places the reaction picker above the bar and near its button. The picker must not cover Report
 * or the bar.
 */
function placePicker(element: HTMLElement): void {
  const bar = document.querySelector('.talk .bar');
  const button = document.querySelector('.talk .react');
  if (bar === null || button === null) return;
  const { left, width, top } = button.getBoundingClientRect();
  const above = Math.min(top, bar.getBoundingClientRect().top);
  setLengths(element, { x: left + width / 2, y: innerHeight - above });
}

/** A script sets the custom properties, because the CSP forbids style attributes in HTML. */
function setLengths(element: HTMLElement, lengths: Readonly<Record<string, number>>): void {
  for (const [name, px] of Object.entries(lengths)) {
    element.style.setProperty(`--${name}`, `${Math.round(px)}px`);
  }
}
