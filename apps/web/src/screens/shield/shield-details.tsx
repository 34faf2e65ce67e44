import '../../styles/shield.css';
import { percentOf, t } from '../../i18n/words.ts';
import type { ShieldView } from '../../shield/shield-view.ts';
import { ShieldChoice } from './shield-choice.tsx';

/** The classes of the shield's classifier, from harmless to explicit. */
const CLASSES = ['neutral', 'drawing', 'sexy', 'hentai', 'porn'] as const;

export function ShieldDetails({ shield }: { shield: ShieldView }) {
  const { scores } = shield;
  return (
    <>
      <h3>{t('shield.title')}</h3>
      <p>{t(`shield.state.${shield.state}`)}</p>
      <p class="hint">{t('shield.what')}</p>
      {scores === null ? (
        <p class="hint">{t('shield.noScores')}</p>
      ) : (
        <table class="scores">
          <caption>{t('shield.scores')}</caption>
          <tbody>
            {CLASSES.map((name) => (
              <tr key={name}>
                <th scope="row">{t(`shield.score.${name}`)}</th>
                <td class="number">{percentOf(scores[name])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ShieldChoice />
      <p class="hint">{t('shield.choiceFrom')}</p>
    </>
  );
}
