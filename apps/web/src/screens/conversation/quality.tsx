import '../../styles/quality.css';
import type { QualityView } from '../../call/quality.ts';
import { percentOf, t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';
import { CallIcon } from './call-icons.tsx';

const BARS = { good: 'barsThree', fair: 'barsTwo', poor: 'barsOne' } as const;

export function QualityLabel({ quality }: { quality: QualityView }) {
  const { level } = quality;
  return (
    <span class={`tag quality ${level}`} title={t('quality.title')}>
      {level === 'lost' ? (
        <Icon name="unplugged" size={16} />
      ) : (
        <CallIcon name={BARS[level]} size={16} />
      )}
      <span class="number">{levelWords(quality)}</span>
    </span>
  );
}

function levelWords({ level, lostForMs, lowering }: QualityView): string {
  if (level === 'lost') return t('quality.level.lost', { seconds: Math.floor(lostForMs / 1_000) });
  return t(`quality.level.${level === 'poor' && lowering ? 'lowering' : level}`);
}

/**
 * Offers to send sound only, if a smaller picture didn't improve the
 * connection enough.
 */
export function SoundOnlyOffer() {
  const app = useApp();
  return (
    <div class="sound-only">
      <button type="button" class="btn on-dark" onClick={() => app.devices.toggle('video')}>
        <Icon name="cameraOff" size={20} />
        <span>{t('quality.soundOnly')}</span>
      </button>
      <button
        type="button"
        class="btn on-dark ic"
        aria-label={t('quality.keep')}
        title={t('quality.keep')}
        onClick={() => app.call.declineSoundOnly()}
      >
        <Icon name="cross" size={20} />
      </button>
    </div>
  );
}

export function QualityDetails({ quality }: { quality: QualityView }) {
  const { level, figures } = quality;
  return (
    <>
      <h3>{t('quality.title')}</h3>
      <p>
        <strong class="number">{levelWords(quality)}</strong>. {t(`quality.means.${level}`)}
      </p>
      {figures !== null && (
        <table class="scores">
          <caption>{t('quality.figures')}</caption>
          <tbody>
            <Figure name="rtt" value={milliseconds(figures.rttMs)} />
            <Figure name="loss" value={percentOf(figures.loss)} />
            <Figure name="jitter" value={milliseconds(figures.jitterMs)} />
            <Figure name="frozen" value={percentOf(figures.frozen)} />
          </tbody>
        </table>
      )}
    </>
  );
}

function Figure({ name, value }: { name: 'rtt' | 'loss' | 'jitter' | 'frozen'; value: string }) {
  return (
    <tr>
      <th scope="row">{t(`quality.figure.${name}`)}</th>
      <td class="number">{value}</td>
    </tr>
  );
}

function milliseconds(value: number | null): string {
  return value === null
    ? t('quality.unknown')
    : t('picture.milliseconds', { time: Math.round(value) });
}
