import type { MemberId } from '@farandole/accounts/ids';
import { tookTwo } from '@farandole/moderation/cases/approval';
import { type Case, type EscalationTarget, holds } from '@farandole/moderation/cases/case-machine';
import {
  MEASURES,
  type Measure,
  ruleOfMeasure,
  suggestedMeasure,
} from '@farandole/moderation/cases/decision';
import { NOTE_UNITS_MAX } from '@farandole/moderation/limits';
import { actionInQueue } from '@farandole/moderation/reports/queue-name';
import { REPORT_REASONS, type ReportReason } from '@farandole/moderation/reports/reason';
import { FINDINGS } from '@farandole/moderation/reports/verdict';
import type { ShownCase } from '@farandole/moderation/service/show-case';
import { useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { Icon } from '../../parts/icon.tsx';
import { capOf, useKeys } from '../../parts/keys.ts';
import { FromCommandLine, mainReason } from '../../parts/marks.tsx';
import { clockOf, numberOf } from '../../parts/times.ts';
import { decide, stepCase, takeCase } from '../../state/case-actions.ts';
import { goTo, hashOf } from '../../state/route.ts';
import { FindingField } from './finding-field.tsx';
import { Networks } from './networks.tsx';
import { StatementPreview } from './statement-preview.tsx';

interface PanelProps {
  readonly shown: ShownCase;
  readonly reload: () => Promise<void>;
}

export function DecisionPanel(props: PanelProps) {
  const model = useConsole();
  const { of } = props.shown;
  const nowMs = model.nowMs.value;
  if (of.state === 'closed') return <Closed {...props} />;
  if (of.state === 'escalated' && of.approval !== null) return <Awaiting {...props} />;
  const isMine = holds(of, model.myId as MemberId, nowMs);
  return isMine ? <Deciding {...props} /> : <NotMine {...props} />;
}

function NotMine({ shown: { of, mayTake: isForMe }, reload }: PanelProps) {
  const model = useConsole();
  const nowMs = model.nowMs.value;
  const isTheirs = of.state === 'assigned' && of.to !== model.myId && nowMs < of.untilMs;
  const mayTake = model.may('case.assign') && !isTheirs && isForMe;
  const take = async (): Promise<void> => {
    if (await takeCase(model, of.id)) await reload();
  };
  useKeys({ a: mayTake ? () => void take() : undefined });
  return (
    <section class="panel" aria-labelledby="decision-title">
      <h2 id="decision-title">{t('decide.title')}</h2>
      {isTheirs ? (
        <p class="soft">
          {t('case.theirs', {
            name: model.nameOf(of.to),
            time: clockOf(of.untilMs - nowMs),
          })}
        </p>
      ) : of.handedOn !== null && !isForMe ? (
        <p class="soft">
          {t('case.forOthers', {
            name: model.nameOf(of.handedOn.by),
            role: t(`role.${of.handedOn.to}`),
          })}
        </p>
      ) : (
        <p class="soft">{t('case.readOnly')}</p>
      )}
      {mayTake ? (
        <button type="button" class="btn primary" onClick={() => void take()}>
          {t('case.take')}
          <kbd aria-hidden="true">A</kbd>
        </button>
      ) : null}
    </section>
  );
}

function Awaiting({ shown: { of, proposal } }: PanelProps) {
  const model = useConsole();
  if (of.state !== 'escalated') return null;
  const asked = proposal?.approval.proposal;
  const measure = asked?.of === 'decision' ? t(`decided.${asked.measure}`) : '';
  return (
    <section class="panel" aria-labelledby="decision-title">
      <h2 id="decision-title">{t('case.second')}</h2>
      <p>{t('case.secondText', { name: model.nameOf(of.by), measure })}</p>
      {proposal === null ? null : <FromCommandLine approval={proposal.approval} />}
      {proposal?.note === null || proposal === null ? null : (
        <blockquote dir="auto">{proposal.note}</blockquote>
      )}
      <a class="btn" href={hashOf({ screen: 'approvals', id: null })}>
        {t('case.toApprovals')}
      </a>
    </section>
  );
}

function Closed({ shown: { of, decisions, openCase }, reload }: PanelProps) {
  const model = useConsole();
  if (of.state !== 'closed') return null;
  const last = decisions.find(({ decision }) => decision.id === of.decision);
  return (
    <section class="panel" aria-labelledby="decision-title">
      <h2 id="decision-title">{t('state.closed')}</h2>
      {last === undefined ? null : (
        <p>
          <strong>{t(`decided.${last.decision.measure}`)}</strong>
          <span class="soft"> · {t(`reason.${last.decision.reason}`)}</span>
        </p>
      )}
      <Reopen
        isAppealed={last?.appeal?.state === 'waiting'}
        openCase={openCase}
        reopen={() =>
          void stepCase(model, of.id, { event: 'reopen', why: 'new-facts' }).then(reload)
        }
      />
    </section>
  );
}

function Reopen({
  isAppealed,
  openCase,
  reopen,
}: {
  isAppealed: boolean;
  openCase: ShownCase['openCase'];
  reopen: () => void;
}) {
  const model = useConsole();
  if (openCase !== null) {
    return (
      <>
        <p class="soft">{t('case.openCase')}</p>
        <a class="btn" href={hashOf({ screen: 'case', id: openCase })}>
          {t('case.toOpenCase')}
        </a>
      </>
    );
  }
  if (isAppealed) return <p class="soft">{t('case.appealWaits')}</p>;
  if (!model.may('case.reopen')) return null;
  return (
    <button type="button" class="btn" onClick={reopen}>
      {t('case.reopen')}
    </button>
  );
}

function Deciding({ shown, reload }: PanelProps) {
  const model = useConsole();
  const { of, strikes } = shown;
  const note = useRef<HTMLTextAreaElement>(null);
  const [isSending, setSending] = useState(false);
  const draft = model.draftOf(of.id);
  const reason = REPORT_REASONS.find((one) => one === draft.reason) ?? mainReason(of).reason;
  const measure = MEASURES.find((one) => one === draft.measure) ?? null;
  const finding = FINDINGS.find((one) => one === draft.finding) ?? 'no-breach';
  const suggested = suggestedMeasure(reason, strikes);
  const choose = (chosen: Measure): void => model.changeDraft(of.id, { measure: chosen });
  const left = NOTE_UNITS_MAX - draft.note.length;
  const isOffline = model.live.value.state === 'lost';
  const isReady = measure !== null && left >= 0 && !isSending && !isOffline;
  const mayDecide = model.may(actionInQueue('decide', of.lane));
  const standing = shown.decisions.find(
    ({ decision }) => decision.case === of.id && decision.reversedAtMs === null,
  )?.decision;
  const replacesTwo = standing !== undefined && tookTwo(standing);
  const keepsOut = measure !== null && ruleOfMeasure(measure).restriction === 'suspended';
  const networks = keepsOut && model.may('sanction.network') ? shown.networks : [];

  const submit = async (): Promise<void> => {
    if (measure === null) {
      model.say(t('decide.choose'), { bad: true });
      return;
    }
    if (!isReady) return;
    setSending(true);
    const chosen = networks.filter(({ network }) => draft.networks.includes(network));
    const isDone = await decide(model, of.id, {
      measure,
      reason,
      ...(measure === 'dismiss' && { finding }),
      note: draft.note,
      networks: chosen.map(({ network, family, bits }) => ({ network, family, bits })),
    });
    setSending(false);
    if (isDone) goTo('queue');
    else await reload();
  };
  useKeys({
    ...(mayDecide
      ? Object.fromEntries(MEASURES.map((one, index) => [String(index + 1), () => choose(one)]))
      : {}),
    'ctrl+enter': mayDecide ? () => void submit() : undefined,
    n: () => note.current?.focus(),
    a: () => void stepCase(model, of.id, { event: 'assign' }).then(reload),
  });

  return (
    <section class="panel deciding" aria-labelledby="decision-title">
      <div class="panel-head">
        <h2 id="decision-title">{t('decide.title')}</h2>
        <Countdown untilMs={of.state === 'assigned' ? of.untilMs : 0} />
      </div>
      {mayDecide ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          {standing === undefined ? null : (
            <p class="note-line">
              {t(replacesTwo ? 'decide.replacesTwo' : 'decide.replaces', {
                measure: t(`decided.${standing.measure}`),
              })}
            </p>
          )}
          <Measures chosen={measure} suggested={suggested} choose={choose} />
          {measure === 'dismiss' ? (
            <FindingField
              finding={finding}
              choose={(chosen) => model.changeDraft(of.id, { finding: chosen })}
            />
          ) : null}
          <div class="field">
            <label for="decide-reason">{t('decide.reason')}</label>
            <select
              id="decide-reason"
              class="input"
              value={reason}
              onChange={({ currentTarget }) =>
                model.changeDraft(of.id, { reason: currentTarget.value })
              }
            >
              {REPORT_REASONS.map((one: ReportReason) => (
                <option key={one} value={one}>
                  {t(`reason.${one}`)}
                </option>
              ))}
            </select>
          </div>
          {measure === null || networks.length === 0 ? null : (
            <Networks
              networks={networks}
              measure={measure}
              chosen={draft.networks}
              choose={(chosen) => model.changeDraft(of.id, { networks: chosen })}
            />
          )}
          <StatementPreview measure={measure} reason={reason} facts={shown.facts} />
          <div class="field">
            <label for="decide-note">{t('decide.note')}</label>
            <textarea
              id="decide-note"
              class="input"
              ref={note}
              rows={3}
              dir="auto"
              value={draft.note}
              aria-describedby="decide-note-hint"
              aria-invalid={left < 0}
              onInput={({ currentTarget }) =>
                model.changeDraft(of.id, { note: currentTarget.value })
              }
            />
            <p id="decide-note-hint" class={left < 0 ? 'hint bad' : 'hint'}>
              {t('decide.noteHint', { left: numberOf(left) })}
            </p>
          </div>
          <button type="submit" class="btn primary wide" aria-disabled={!isReady}>
            {isSending
              ? t('decide.sending')
              : t(
                  measure !== null && (replacesTwo || ruleOfMeasure(measure).secondPerson)
                    ? 'decide.propose'
                    : 'decide.go',
                )}
            <span class="together" aria-hidden="true">
              <kbd>Ctrl</kbd>
              <kbd>{capOf('Enter')}</kbd>
            </span>
          </button>
        </form>
      ) : null}
      <OtherSteps of={of} reload={reload} />
    </section>
  );
}

/**
 * Lists the actions on a case that don't decide it. A digit key only focuses the button that
 * hands the case over, so that no single key press hands it over.
 */
function OtherSteps({ of, reload }: { of: Case; reload: PanelProps['reload'] }) {
  const model = useConsole();
  const senior = useRef<HTMLButtonElement>(null);
  const childSafety = useRef<HTMLButtonElement>(null);
  const giveBack = async (): Promise<void> => {
    if (await stepCase(model, of.id, { event: 'release' })) goTo('queue');
  };
  const prioritise = async (): Promise<void> => {
    await stepCase(model, of.id, { event: 'prioritise', imminent: !of.imminent });
    await reload();
  };
  const handOn = async (to: EscalationTarget): Promise<void> => {
    if (await stepCase(model, of.id, { event: 'escalate', to })) goTo('queue');
    else await reload();
  };
  useKeys({
    r: () => void giveBack(),
    h: () => void prioritise(),
    '8': () => senior.current?.focus(),
    '9': () => childSafety.current?.focus(),
  });
  return (
    <div class="others">
      <button type="button" class="btn quiet" onClick={() => void giveBack()}>
        {t('case.giveBack')}
        <kbd aria-hidden="true">R</kbd>
      </button>
      <button type="button" class="btn quiet" onClick={() => void prioritise()}>
        {t(of.imminent ? 'case.notImminent' : 'case.imminent')}
        <kbd aria-hidden="true">H</kbd>
      </button>
      <button type="button" class="btn quiet" ref={senior} onClick={() => void handOn('senior')}>
        {t('case.toSenior')}
        <kbd aria-hidden="true">8</kbd>
      </button>
      {of.lane === 'child-safety' ? null : (
        <button
          type="button"
          class="btn quiet"
          ref={childSafety}
          onClick={() => void handOn('child-safety')}
        >
          {t('case.toChildSafety')}
          <kbd aria-hidden="true">9</kbd>
        </button>
      )}
    </div>
  );
}

function Countdown({ untilMs }: { untilMs: number }) {
  const leftMs = untilMs - useConsole().nowMs.value;
  const isShort = leftMs < 2 * 60_000;
  return (
    <span class={isShort ? 'mark bad' : 'mark accent'}>
      <Icon name="clock" size={14} />
      <span class="number">{t('case.yours', { time: clockOf(leftMs) })}</span>
    </span>
  );
}

function Measures({
  chosen,
  suggested,
  choose,
}: {
  chosen: Measure | null;
  suggested: Measure;
  choose: (measure: Measure) => void;
}) {
  return (
    <fieldset class="measures">
      <legend class="sr">{t('decide.measure')}</legend>
      {MEASURES.map((measure, index) => (
        <label key={measure} class={measure === 'dismiss' ? 'measure first' : 'measure'}>
          <input
            type="radio"
            name="measure"
            checked={measure === chosen}
            onChange={() => choose(measure)}
          />
          <kbd aria-hidden="true">{index + 1}</kbd>
          <span>{t(`measure.${measure}`)}</span>
          {measure === suggested ? <span class="mark accent">{t('mark.suggested')}</span> : null}
          {ruleOfMeasure(measure).secondPerson ? (
            <span class="mark">{t('mark.secondPerson')}</span>
          ) : null}
        </label>
      ))}
    </fieldset>
  );
}
