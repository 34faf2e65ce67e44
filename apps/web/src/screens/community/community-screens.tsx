import '../../styles/community.css';
import type { CommunityFacts } from '@farandole/protocol/http-api';
import type { ComponentChildren } from 'preact';
import type { CommunityView, DoorState } from '../../community/community-model.ts';
import { isolated, t } from '../../i18n/words.ts';
import { community } from '../../ui/community.ts';
import { Heading } from '../../ui/heading.tsx';
import { Icon } from '../../ui/icons.tsx';
import { lazy } from '../shared/lazy.tsx';

const hourCard = lazy(async () => (await import('../hour/hour-part.ts')).loadHourCard(), 'place');

function useView(): CommunityView | null {
  return community.value?.model.view.value ?? null;
}

/** The head of the landing on a community's page: its title, its rules, and whether one may enter. */
export function CommunityLanding({ children }: { children: ComponentChildren }) {
  const view = useView();
  if (view === null) return null;
  if (view.state !== 'here') return <NotHere state={view.state} />;
  const { facts, door } = view;
  const isOpen = door === 'open';
  return (
    <>
      <p class="community-kind">{t('community.kind')}</p>
      <Heading>
        <Title facts={facts} />
      </Heading>
      {isOpen ? <p class="lead">{t('community.lead')}</p> : <Door door={door} />}
      {isOpen && children}
      {isOpen && facts.hours && <hourCard.Part />}
      <OwnRules facts={facts} />
      <Leave words="everyone" />
    </>
  );
}

function Title({ facts: { title, language } }: { facts: CommunityFacts }) {
  return (
    <span lang={language} dir="auto">
      {title}
    </span>
  );
}

function Door({ door }: { door: Exclude<DoorState, 'open'> }) {
  const isFault = door !== 'checking';
  return (
    <div class="note community-door" role="status">
      <Icon name="info" size={20} />
      <div>
        <p>{t(`community.door.${door}`)}</p>
        {isFault && door !== 'needs-code' && door !== 'wrong-code' && <Retry size="small" />}
      </div>
    </div>
  );
}

function Retry({ size }: { size: 'small' | 'big' }) {
  return (
    <button type="button" class={`btn ${size}`} onClick={() => void community.value?.model.show()}>
      {t('community.retry')}
    </button>
  );
}

/** The community is unknown, closed or out of reach. The open pool is offered instead. */
function NotHere({ state }: { state: Exclude<CommunityView['state'], 'here'> }) {
  return (
    <>
      <Heading>{t(`community.${state}.title`)}</Heading>
      <p class="lead" role="status">
        {t(`community.${state}.text`)}
      </p>
      {state === 'unreachable' && (
        <div class="go">
          <Retry size="big" />
        </div>
      )}
      <Leave words={state === 'gone' ? 'everyone' : 'leave'} isMain={state === 'gone'} />
    </>
  );
}

function Leave({ words, isMain = false }: { words: 'everyone' | 'leave'; isMain?: boolean }) {
  return (
    <button
      type="button"
      class={isMain ? 'btn big spark' : 'btn plain community-leave'}
      onClick={() => community.value?.leave()}
    >
      {t(`community.${words}`)}
    </button>
  );
}

function OwnRules({ facts }: { facts: CommunityFacts }) {
  const { rules, language } = facts;
  if (rules === '') return null;
  return (
    <section class="community-rules" aria-labelledby="community-rules">
      <h2 id="community-rules">{t('community.rules')}</h2>
      <p class="community-text" lang={language} dir="auto">
        {rules}
      </p>
      <p class="soft small">{t('community.rulesAlso')}</p>
    </section>
  );
}

/** The community's rules on the screen where the user agrees to all rules. */
export function CommunityGate() {
  const view = useView();
  if (view?.state !== 'here') return null;
  const { facts } = view;
  return (
    <section class="community-rules" aria-labelledby="community-gate">
      <h2 id="community-gate">{t('community.rulesOf', { title: isolated(facts.title) })}</h2>
      <p class="community-text" lang={facts.rules === '' ? undefined : facts.language} dir="auto">
        {facts.rules === '' ? t('community.noRules') : facts.rules}
      </p>
    </section>
  );
}

/** Names the community in the upper edge of a search or call. */
export function CommunityName() {
  const view = useView();
  if (view?.state !== 'here') return null;
  const { title, language } = view.facts;
  // Only the title is visible, in its own direction, so that an ellipsis replaces its end.
  return (
    <p class="community-name" title={title}>
      <span class="sr">{t('community.in', { title: isolated(title) })}</span>
      <span class="community-title" aria-hidden="true" lang={language} dir="auto">
        {title}
      </span>
    </p>
  );
}

/** What the waiting screen adds: where the user searches, and the way out in one press. */
export function CommunityWait() {
  const view = useView();
  if (view?.state !== 'here') return null;
  return (
    <div class="community-wait">
      <p>{t('community.waiting', { title: isolated(view.facts.title) })}</p>
      <button type="button" class="btn on-dark" onClick={() => community.value?.leave()}>
        {t('community.everyone')}
      </button>
    </div>
  );
}
