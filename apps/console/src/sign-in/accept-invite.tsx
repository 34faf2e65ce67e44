import type { ConsoleLink } from '@farandole/protocol/console-sign-in';
import { Arcs } from '@farandole/ui/arcs';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ApiReply } from '../api/api-client.ts';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Failed, Nothing } from '../parts/states.tsx';
import { type Loadable, Resource } from '../state/loadable.ts';
import { goTo } from '../state/route.ts';
import { OneFieldForm } from './fields.tsx';
import { NewPasskey } from './new-passkey.tsx';
import { NewPassword } from './new-password.tsx';
import { PasskeyOrPassword } from './sign-in-form.tsx';

const MARK = 'link=';

/**
 * Returns the token in the address of an invitation link, or null if the address isn't an
 * invitation link.
 */
export function linkTokenIn(screen: string): string | null {
  return screen.startsWith(MARK) ? screen.slice(MARK.length) : null;
}

/** Signs in the first member, or an invited member, by the token in their invitation link. */
export function AcceptInvite({ token }: { token: string }) {
  const { api } = useConsole();
  const { current, again } = useAnswer(() => api.post<ConsoleLink>('link', { token }), token);
  switch (current.state) {
    case 'loading':
      return (
        <main class="alone">
          <h1 class="sr">{t('app.loading')}</h1>
          <Arcs mood="dance" />
        </main>
      );
    case 'ready':
      return (
        <main class="alone door">
          <Arcs mood="still" />
          <InviteMethod token={token} name={current.value.name} />
        </main>
      );
    case 'failed':
      return current.problem.error === 'sign-in-failed' ? (
        <main class="alone">
          <h1 class="sr">{t('link.over')}</h1>
          <Nothing title={t('link.over')}>
            <p>{t('link.overText')}</p>
            <button type="button" class="btn" onClick={() => goTo('queue')}>
              {t('link.toSignIn')}
            </button>
          </Nothing>
        </main>
      ) : (
        <main class="alone">
          <h1 class="sr">{t('link.title')}</h1>
          <Failed problem={current.problem} again={again} />
        </main>
      );
  }
}

function InviteMethod({ token, name: known }: { token: string; name: string | null }) {
  const model = useConsole();
  const [chosen, setChosen] = useState('');
  const [isNamed, setNamed] = useState(known !== null);
  const name = known ?? chosen;
  const done = async (): Promise<void> => {
    await model.begin();
    // Removes the invitation token from the browser's history.
    history.replaceState(null, '', '#/');
    dispatchEvent(new HashChangeEvent('hashchange'));
  };
  return (
    <>
      <h1>{known === null ? t('link.first') : t('link.hello', { name: known })}</h1>
      <p class="soft">{known === null ? t('link.firstText') : t('link.helloText')}</p>
      {isNamed ? (
        <PasskeyOrPassword
          passkey={<NewPasskey at="link/passkey" also={{ token, name }} done={done} />}
          password={<NewPassword at="link/password" also={{ token, name }} done={done} />}
        />
      ) : (
        <OneFieldForm
          submit={() => setNamed(chosen.trim() !== '')}
          label={t('link.name')}
          value={chosen}
          change={setChosen}
          autocomplete="username"
          hint={t('link.nameHint')}
          maxLength={80}
          go={t('link.next')}
        />
      )}
    </>
  );
}

/** Loads an answer of the node once per key, and again when the caller requests a retry. */
function useAnswer<Value>(
  ask: () => Promise<ApiReply<Value>>,
  key: string,
): { readonly current: Loadable<Value>; readonly again: () => Promise<void> } {
  const resource = useMemo(() => new Resource(ask), [key]);
  useEffect(() => void resource.reload(), [resource]);
  return { current: resource.current.value, again: () => resource.reload() };
}
