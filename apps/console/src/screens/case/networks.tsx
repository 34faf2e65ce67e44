import { type Measure, ruleOfMeasure } from '@farandole/moderation/cases/decision';
import { NETWORK_SANCTION_MS_MAX } from '@farandole/moderation/limits';
import type { ShownNetwork } from '@farandole/moderation/trust/shared-network';
import { t } from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { dateOf } from '../../parts/times.ts';

interface NetworksProps {
  readonly networks: readonly ShownNetwork[];
  readonly measure: Measure;
  /** Hashes of the networks that the moderator selected. */
  readonly chosen: readonly string[];
  readonly choose: (chosen: readonly string[]) => void;
}

/**
 * Lets a moderator with the permission extend a user's ban to networks. Networks with other
 * users can't be selected.
 */
export function Networks({ networks, measure, chosen, choose }: NetworksProps) {
  const nowMs = useConsole().nowMs.value;
  const { lastsMs } = ruleOfMeasure(measure);
  const endsAtMs = nowMs + Math.min(lastsMs ?? NETWORK_SANCTION_MS_MAX, NETWORK_SANCTION_MS_MAX);
  return (
    <fieldset class="checks">
      <legend class="label">{t('decide.networks')}</legend>
      <p class="hint">{t('decide.networksHint', { time: dateOf(endsAtMs) })}</p>
      {networks.map(({ network, family, bits, atMs, others }) => (
        <label key={network}>
          <input
            type="checkbox"
            checked={others === 0 && chosen.includes(network)}
            disabled={others > 0}
            onChange={({ currentTarget }) =>
              choose(
                currentTarget.checked
                  ? [...chosen, network]
                  : chosen.filter((one) => one !== network),
              )
            }
          />
          <span>
            {t('decide.network', {
              kind: family === 'v4' ? 'IPv4' : 'IPv6',
              bits,
              time: dateOf(atMs),
            })}
            {others === 0 ? null : (
              <span class="soft small"> {t('decide.networkShared', { count: others })}</span>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
