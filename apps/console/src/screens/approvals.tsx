import type { WaitingApproval } from '@farandole/moderation/approvals/waiting-approvals';
import type { DueCase } from '@farandole/moderation/disclosure/unseal';
import { REVEALS_MORE } from '@farandole/moderation/limits';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { FromCommandLine } from '../parts/marks.tsx';
import { ReadsFull } from '../parts/reads-full.tsx';
import { Loaded, Nothing } from '../parts/states.tsx';
import { dateOf, listOf, relative } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { send } from '../state/case-actions.ts';
import { hashOf } from '../state/route.ts';

export function Approvals() {
  const model = useConsole();
  const { current, reload } = useLoaded<readonly WaitingApproval[]>('approvals');
  return (
    <>
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
      {model.may('evidence.delete-early') ? <DueSealed /> : null}
    </>
  );
}

/**
 * Lists encrypted pictures whose retention period has ended, so that a member can request their
 * destruction.
 */
function DueSealed() {
  const { current, reload } = useLoaded<readonly DueCase[]>('sealed');
  return (
    <Loaded of={current.value} again={reload}>
      {(due) =>
        due.length === 0 ? null : (
          <section class="panel narrow" aria-labelledby="due-title">
            <h2 id="due-title">{t('approvals.due')}</h2>
            <p class="soft">{t('approvals.dueText')}</p>
            <ul class="linked">
              {due.map(({ of, untilMs }) => (
                <li key={of.id}>
                  <a class="number" href={hashOf({ screen: 'case', id: of.id })}>
                    {t('case.linkedCase', { id: of.id.slice(0, 8) })}
                  </a>
                  <span class="soft">{t('approvals.dueSince', { time: dateOf(untilMs) })}</span>
                </li>
              ))}
            </ul>
          </section>
        )
      }
    </Loaded>
  );
}

function OneApproval({
  waiting: { approval, of, note, isShown, may },
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
            : t(`approvals.title.${proposal.of}`)}
        </h2>
        <p class="soft">
          {may === 'withdraw'
            ? t('approvals.yours', { time })
            : t('approvals.by', { name: model.nameOf(approval.by), time })}
        </p>
        <FromCommandLine approval={approval} />
      </header>
      <About approval={approval} of={of} />
      {note === null || note === '' ? null : <blockquote dir="auto">{note}</blockquote>}
      {isShown ? null : <ReadsFull />}
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

function About({ approval: { proposal, by }, of }: Pick<WaitingApproval, 'approval' | 'of'>) {
  const model = useConsole();
  switch (proposal.of) {
    case 'decision':
      return (
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
      );
    case 'reveals':
      return (
        <p>
          {t('approvals.reveals', { name: model.nameOf(proposal.member), count: REVEALS_MORE })}
        </p>
      );
    case 'unsealing':
      return <p>{t('approvals.unsealing', { name: model.nameOf(by) })}</p>;
    case 'deletion':
      return <p>{t('approvals.deletion', { name: model.nameOf(by) })}</p>;
    case 'roles':
      return (
        <p>
          {t('approvals.roles', {
            name: model.nameOf(proposal.member),
            roles:
              proposal.roles.length === 0
                ? t('approvals.noRoles')
                : listOf(proposal.roles.map((role) => t(`role.${role}`))),
          })}
        </p>
      );
    default:
      return proposal satisfies never;
  }
}
