import type { WaitingApproval } from '@farandole/moderation/desk/waiting';
import { REVEALS_MORE } from '@farandole/moderation/limits';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { FromCommandLine } from '../parts/marks.tsx';
import { Loaded, Nothing } from '../parts/states.tsx';
import { listOf, relative } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { send } from '../state/case-actions.ts';
import { hashOf } from '../state/route.ts';

/** What waits for a second person. */
export function Approvals() {
  const { current, reload } = useLoaded<readonly WaitingApproval[]>('approvals');
  return (
    <Loaded of={current.value} again={reload}>
      {(waiting) =>
        waiting.length === 0 ? (
          <Nothing title={t('approvals.empty')}>
            <p>{t('approvals.emptyText')}</p>
          </Nothing>
        ) : (
          <ol class="stack narrow">
            {waiting.map((one) => (
              <li key={one.approval.id}>
                <OneApproval waiting={one} reload={reload} />
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

function OneApproval({
  waiting: { approval, of, note, may },
  reload,
}: {
  waiting: WaitingApproval;
  reload: () => Promise<void>;
}) {
  const model = useConsole();
  const { proposal } = approval;
  const time = relative(approval.atMs, model.nowMs.value);
  const act = async (path: string, body: unknown, said: string): Promise<void> => {
    if ((await send(model, `approvals/${approval.id}/${path}`, body)) !== null) model.say(said);
    await reload();
  };
  return (
    <article class="panel">
      <header>
        <h2>
          {proposal.of === 'decision'
            ? t(`measure.${proposal.measure}`)
            : t(proposal.of === 'roles' ? 'approvals.rolesTitle' : 'approvals.revealsTitle')}
        </h2>
        <p class="soft">
          {may === 'withdraw'
            ? t('approvals.yours', { time })
            : t('approvals.by', { name: model.nameOf(approval.by), time })}
        </p>
        <FromCommandLine approval={approval} />
      </header>
      {proposal.of === 'decision' ? (
        <p class="marks-row">
          <span class="mark">{t(`reason.${proposal.reason}`)}</span>
          {of === null ? null : (
            <span class="mark">
              {t('queue.reporters', { reports: of.reports, count: of.reporters })}
            </span>
          )}
          {proposal.networks.length === 0 ? null : (
            <span class="mark bad">
              {t('approvals.networks', { count: proposal.networks.length })}
            </span>
          )}
        </p>
      ) : proposal.of === 'reveals' ? (
        <p>
          {t('approvals.reveals', { name: model.nameOf(proposal.member), count: REVEALS_MORE })}
        </p>
      ) : (
        <p>
          {t('approvals.roles', {
            name: model.nameOf(proposal.member),
            roles:
              proposal.roles.length === 0
                ? t('approvals.noRoles')
                : listOf(proposal.roles.map((role) => t(`role.${role}`))),
          })}
        </p>
      )}
      {note === null || note === '' ? null : <blockquote dir="auto">{note}</blockquote>}
      <div class="actions">
        {may === 'withdraw' ? (
          <button
            type="button"
            class="btn"
            onClick={() => void act('withdraw', {}, t('approvals.withdrawn'))}
          >
            {t('approvals.withdraw')}
          </button>
        ) : (
          <>
            <button
              type="button"
              class="btn primary"
              onClick={() => void act('answer', { answer: 'approved' }, t('approvals.agreed'))}
            >
              {t('approvals.yes')}
            </button>
            <button
              type="button"
              class="btn"
              onClick={() => void act('answer', { answer: 'declined' }, t('approvals.declined'))}
            >
              {t('approvals.no')}
            </button>
          </>
        )}
        {of === null ? null : (
          <a class="btn quiet" href={hashOf({ screen: 'case', id: of.id })}>
            {t('approvals.open')}
          </a>
        )}
      </div>
    </article>
  );
}
