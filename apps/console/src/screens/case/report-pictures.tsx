import type { ShownPicture } from '@farandole/moderation/evidence/pictures';
import type { ShownSeal } from '@farandole/moderation/service/show-case';
import { PICTURE_FRAME_PATH } from '@farandole/protocol/console-api';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { Icon } from '../../parts/icon.tsx';
import { AskForMore } from '../../parts/reads-full.tsx';
import { send } from '../../state/case-actions.ts';
import { type PictureFrame, Reveal, type RevealState } from '../../state/reveal.ts';

export function ReportPictures({
  pictures,
  seal,
}: {
  pictures: readonly ShownPicture[];
  seal: ShownSeal | null;
}) {
  const model = useConsole();
  if (pictures.length === 0) return null;
  const isOpenable = pictures.some(mayBeHeld);
  const sealed = pictures.filter(({ state }) => state === 'sealed');
  const isSealed = sealed.length > 0;
  return (
    <section class="pictures" aria-label={t('pictures.title')}>
      <p class="pictures-head">
        <strong>{t('pictures.count', { count: pictures.length })}</strong>
        <span class="mark">
          <Icon name="question" size={14} />
          {t('pictures.unverified')}
        </span>
      </p>
      {isSealed ? <p class="soft">{t('pictures.sealed')}</p> : null}
      {isSealed && model.may('evidence.reveal-sealed') ? (
        <Sealed pictures={sealed} asked={seal?.picturesAsked ?? []} />
      ) : null}
      {!isSealed && !isOpenable ? <p class="soft">{t('pictures.expired')}</p> : null}
      {isOpenable && !model.may('evidence.reveal') ? (
        <p class="soft">{t('pictures.notYours')}</p>
      ) : null}
      {model.may('evidence.reveal') ? <Covered all={pictures} /> : null}
    </section>
  );
}

function mayBeHeld({ state }: ShownPicture): boolean {
  return state === 'kept' || state === 'unsealed';
}

/**
 * Requests permission to view encrypted pictures once. Another child safety member must approve.
 */
function Sealed({
  pictures,
  asked,
}: {
  pictures: readonly ShownPicture[];
  asked: readonly string[];
}) {
  const model = useConsole();
  const ask = async (id: string): Promise<void> => {
    if ((await send(model, `pictures/${id}/unseal`, {})) !== null)
      model.say(t('pictures.lookSent'));
  };
  return (
    <ol class="covers">
      {pictures.map(({ id, agoMs }) => {
        const seconds = Math.round(agoMs / 1_000);
        const isAsked = asked.includes(id);
        return (
          <li key={id}>
            <button
              type="button"
              class="cover"
              disabled={isAsked}
              aria-label={t(isAsked ? 'pictures.lookAsked' : 'pictures.askLook', { seconds })}
              onClick={() => void ask(id)}
            >
              <Icon name={isAsked ? 'clock' : 'two'} size={16} />
              <span class="number">{t('pictures.before', { seconds })}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/**
 * Lists the pictures that are still covered, and the picture whose button is held. That picture
 * stays listed although the store already counts its one approved viewing as used.
 */
function Covered({ all }: { all: readonly ShownPicture[] }) {
  const model = useConsole();
  const frame = useRef<PictureFrame | null>(null);
  const reveal = useMemo(
    () =>
      new Reveal({
        ask: (id) => model.api.bytes(`pictures/${id}/reveal`),
        frame: () => frame.current,
      }),
    [model],
  );
  const current = reveal.current.value;
  useEffect(() => {
    // Covers the shown picture when the window loses focus or is hidden.
    const release = (): void => reveal.release();
    addEventListener('blur', release);
    document.addEventListener('visibilitychange', release);
    return () => {
      removeEventListener('blur', release);
      document.removeEventListener('visibilitychange', release);
      release();
    };
  }, [reveal]);
  const isFailed = current.state === 'failed';
  const heldId = current.state === 'covered' || isFailed ? null : current.id;
  const pictures = all.filter((one) => mayBeHeld(one) || one.id === heldId);
  if (pictures.length === 0 && !isFailed) return null;
  return (
    <>
      <p class="soft">{t('pictures.hint')}</p>
      {pictures.some(({ state }) => state === 'unsealed') ? (
        <p class="soft">{t('pictures.oneLook')}</p>
      ) : null}
      <div class="pictures-side">
        <ol class="covers">
          {pictures.map(({ id, agoMs }, at) => (
            <li key={id}>
              <Cover
                reveal={reveal}
                id={id}
                name={t('pictures.one', {
                  place: at + 1,
                  of: pictures.length,
                  seconds: Math.round(agoMs / 1_000),
                })}
                seconds={Math.round(agoMs / 1_000)}
              />
            </li>
          ))}
        </ol>
        <RevealedPicture current={current} given={(next) => void (frame.current = next)} />
      </div>
    </>
  );
}

interface CoverProps {
  readonly reveal: Reveal;
  readonly id: string;
  readonly name: string;
  readonly seconds: number;
}

function Cover({ reveal, id, name, seconds }: CoverProps) {
  const current = reveal.current.value;
  const isHeld = current.state !== 'covered' && current.state !== 'failed' && current.id === id;
  const release = (): void => reveal.release(id);
  return (
    <button
      type="button"
      class="cover"
      aria-label={name}
      aria-pressed={isHeld}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        void reveal.hold(id);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onLostPointerCapture={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== ' ' && event.key !== 'Enter') return;
        event.preventDefault();
        if (!event.repeat) void reveal.hold(id);
      }}
      onKeyUp={release}
      onBlur={release}
    >
      <Icon name="shield" size={16} />
      <span class="number">{t('pictures.before', { seconds })}</span>
    </button>
  );
}

interface RevealedPictureProps {
  readonly current: RevealState;
  readonly given: (frame: PictureFrame | null) => void;
}

/**
 * Shows a picture while the member holds its button. The sandboxed document that draws it is
 * loaded with the first picture.
 */
function RevealedPicture({ current, given }: RevealedPictureProps) {
  const [isWanted, setWanted] = useState(false);
  const loaded = useMemo(() => Promise.withResolvers<void>(), []);
  const isShown = current.state === 'shown';
  useEffect(() => {
    if (current.state !== 'covered') setWanted(true);
  }, [current.state]);
  return (
    <div class="picture-stage" data-shown={isShown}>
      {isWanted ? (
        <iframe
          ref={(element) =>
            given(element === null ? null : pictureFrameOf(element, loaded.promise))
          }
          src={PICTURE_FRAME_PATH}
          sandbox="allow-scripts"
          title={t('pictures.title')}
          tabIndex={-1}
          onLoad={() => loaded.resolve()}
        />
      ) : null}
      <p class="picture-news" role="status">
        {newsOf(current)}
      </p>
      {current.state === 'failed' && current.why === 'shift-full' ? <AskForMore /> : null}
    </div>
  );
}

function newsOf(current: RevealState): string {
  if (current.state !== 'failed') return t(`pictures.is.${current.state}`);
  const why = FAILURES.find((known) => known === current.why) ?? 'other';
  return t(`pictures.failed.${why}`);
}

const FAILURES = [
  'expired',
  'sealed',
  'key-missing',
  'file-missing',
  'damaged',
  'not-drawn',
  'not-allowed',
  'shift-full',
  'offline',
] as const;

const DRAWN_WITHIN_MS = 5_000;

/**
 * Sends pictures to the sandboxed frame. The target origin is `*` because the frame's origin is
 * opaque; the console's CSP allows only this frame.
 * @param loaded resolves once the frame's document listens for messages
 */
function pictureFrameOf(frame: HTMLIFrameElement, loaded: Promise<void>): PictureFrame {
  const tell = (data: ArrayBuffer | null, also: Transferable[]): void => {
    frame.contentWindow?.postMessage(data, '*', also);
  };
  return {
    async draw(bytes) {
      await loaded;
      const { port1, port2 } = new MessageChannel();
      return await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), DRAWN_WITHIN_MS);
        port1.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
          clearTimeout(timer);
          resolve(data === true);
        });
        port1.start();
        tell(bytes, [bytes, port2]);
      }).finally(() => port1.close());
    },
    clear: () => tell(null, []),
  };
}
