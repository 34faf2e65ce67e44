import '../../styles/question.css';
import '../../styles/text-box.css';
import { QUESTION_CHARS_MAX } from '@farandole/protocol/limits';
import { questionFaultOf, tidyQuestion } from '@farandole/protocol/question';
import { useSignal } from '@preact/signals';
import type { WishFault } from '../../call/wish-fault.ts';
import { numberOf, t } from '../../i18n/words.ts';
import { isSecondClick } from '../../ui/double-click.ts';
import { Heading } from '../../ui/heading.tsx';
import { Icon } from '../../ui/icons.tsx';
import { offeredModes } from '../../ui/offered-modes.ts';
import { useApp } from '../app-context.ts';
import { Page } from '../shared/page.tsx';

const COUNT_FROM_REMAINING = 40;

/** Faults that no change of the question can correct. */
const LASTING: ReadonlySet<WishFault> = new Set([
  'not-proven',
  'too-many-questions',
  'not-offered',
]);

/** The room before a question call, where the user chooses to answer or to ask. */
export function QuestionRoom() {
  const app = useApp();
  return (
    <Page width="text">
      <div class="question-room">
        <Heading>{t('question.title')}</Heading>
        <p class="lead">{t('question.lead')}</p>
        <section class="card" aria-labelledby="answer-title">
          <h2 id="answer-title">{t('question.answer.title')}</h2>
          <p id="answer-copy" class="note" role="note">
            <Icon name="show" size={20} />
            <span>{t('question.answer.copy')}</span>
          </p>
          <button
            type="button"
            class="btn big spark"
            aria-describedby="answer-copy"
            onClick={(event) => {
              // The first click of a double click pressed the button of the screen before.
              if (!isSecondClick(event)) app.navigation.searchQuestion({ role: 'answerer' });
            }}
          >
            {t('question.answer.start')}
          </button>
        </section>
        <Ask />
      </div>
    </Page>
  );
}

function Ask() {
  const app = useApp();
  const draft = useSignal(app.navigation.wishes.question ?? '');
  const found = useSignal<ReturnType<typeof questionFaultOf>>(null);
  const fault = found.value ?? questionFault(app.navigation.wishFault.value);
  const left = QUESTION_CHARS_MAX - draft.value.length;
  return (
    <section class="card" aria-labelledby="ask-title">
      <h2 id="ask-title">{t('question.ask.title')}</h2>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const question = tidyQuestion(draft.value);
          found.value = questionFaultOf(question);
          if (found.value === null) app.navigation.searchQuestion({ role: 'asker', question });
          else document.getElementById('question')?.focus();
        }}
      >
        <label for="question">{t('question.ask.label')}</label>
        <textarea
          id="question"
          class="text-box"
          rows={3}
          dir="auto"
          autocomplete="off"
          enterkeyhint="done"
          placeholder={t('question.ask.placeholder')}
          aria-describedby="question-hint question-fault"
          aria-invalid={fault !== null && !LASTING.has(fault)}
          value={draft.value}
          onInput={(event) => {
            draft.value = event.currentTarget.value;
            found.value = null;
          }}
        />
        <p id="question-hint" class="hint">
          {t('question.ask.hint')}
        </p>
        {left < 0 ? (
          <p class="hint bad">{t('question.ask.over', { count: -left })}</p>
        ) : (
          left <= COUNT_FROM_REMAINING && (
            <p class="hint">{t('question.ask.left', { count: left })}</p>
          )
        )}
        <p id="question-fault" class="hint bad" role="alert">
          {fault !== null && t(`question.fault.${fault}`, { max: numberOf(QUESTION_CHARS_MAX) })}
        </p>
        <button type="submit" class="btn big">
          {t('question.ask.start')}
        </button>
      </form>
    </section>
  );
}

/**
 * Faults of interests, languages and communities are shown on the landing. After a rejoin the page
 * no longer knows the user's role, so a search without one brings the user here to choose again.
 */
function questionFault(fault: WishFault | null): QuestionRoomFault | null {
  if (fault === null || isOfLanding(fault)) return null;
  return fault === 'not-offered' && offeredModes().includes('question') ? null : fault;
}

type LandingFault = 'bad-interest' | 'bad-language' | `community-${string}`;
type QuestionRoomFault = Exclude<WishFault, LandingFault>;

function isOfLanding(fault: WishFault): fault is Extract<WishFault, LandingFault> {
  return fault === 'bad-interest' || fault === 'bad-language' || fault.startsWith('community-');
}
