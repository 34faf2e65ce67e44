import '../../styles/first-picture.css';
import type { FirstPictureView, PictureStep } from '../../call/first-picture-steps.ts';
import { numberOf, t } from '../../i18n/words.ts';

export function FirstPicture({ picture }: { picture: FirstPictureView }) {
  const { steps, frameAfterMs } = picture;
  return (
    <>
      <h3>{t('picture.title')}</h3>
      <p>
        {frameAfterMs === null
          ? t('picture.coming')
          : t('picture.total', { time: timeOf(frameAfterMs) })}
      </p>
      <table class="picture-steps">
        <caption>{t('picture.steps')}</caption>
        <tbody>
          {steps.map((step) => (
            <tr key={step.to}>
              <th scope="row">{t(`picture.to.${step.to}`)}</th>
              <td class="part" aria-hidden="true">
                <Bar bar={step.bar} />
              </td>
              <td class="number">{timeOf(step.tookMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">{t('picture.what')}</p>
    </>
  );
}

/**
 * Connection steps that waited for a user have no bar, because it would be much longer than the
 * others.
 */
function Bar({ bar }: Pick<PictureStep, 'bar'>) {
  if (bar === null) return null;
  const style = {
    '--start': `${(100 * bar.start).toFixed(1)}%`,
    '--length': `${(100 * bar.length).toFixed(1)}%`,
  };
  return <span style={style} />;
}

function timeOf(durationMs: number): string {
  return durationMs < 1_000
    ? t('picture.milliseconds', { time: numberOf(Math.round(durationMs)) })
    : t('picture.seconds', { time: numberOf(Math.round(durationMs / 100) / 10) });
}
