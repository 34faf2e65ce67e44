import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Problem } from '../api/api-client.ts';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Form, TextField, Wrong } from './fields.tsx';
import { hasPasskeys, showPasskey } from './passkeys.ts';
import { useTask } from './use-task.ts';

export function SignInForm({ done }: { done: () => Promise<void> }) {
  return (
    <PasskeyOrPassword passkey={<Passkey done={done} />} password={<Password done={done} />} />
  );
}

/**
 * Shows the passkey form or the password form, and a button to switch between them. Shows only
 * the password form in a browser without passkeys.
 */
export function PasskeyOrPassword({ passkey, password }: { passkey: VNode; password: VNode }) {
  const [byPassword, setByPassword] = useState(!hasPasskeys());
  return (
    <>
      {byPassword ? password : passkey}
      {hasPasskeys() ? (
        <button type="button" class="btn quiet" onClick={() => setByPassword(!byPassword)}>
          {byPassword ? t('signIn.byPasskey') : t('signIn.byPassword')}
        </button>
      ) : (
        <p class="hint">{t('signIn.noPasskeys')}</p>
      )}
    </>
  );
}

function Passkey({ done }: { done: () => Promise<void> }) {
  const { api } = useConsole();
  const task = useTask();
  const signIn = async (): Promise<Problem | null> => {
    const options = await api.post<unknown>('sign-in/passkey-options', {});
    if (!options.ok) return options.problem;
    const shown = await showPasskey(options.value);
    if (!shown.ok) return shown.problem;
    const answer = await api.post('sign-in/passkey', { credential: shown.value });
    if (!answer.ok) return answer.problem;
    await done();
    return null;
  };
  return (
    <div class="sign-in-form">
      <button
        type="button"
        class="btn primary"
        aria-disabled={task.isBusy}
        onClick={() => void task.run(signIn)}
      >
        {t('signIn.passkey')}
      </button>
      <p class="hint">{t('signIn.passkeyHint')}</p>
      <Wrong problem={task.problem} />
    </div>
  );
}

function Password({ done }: { done: () => Promise<void> }) {
  const task = useTask();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const signIn = () => task.post('sign-in/password', { name, password, code }, done);
  return (
    <Form problem={task.problem} submit={() => void signIn()}>
      <TextField
        label={t('signIn.name')}
        value={name}
        change={setName}
        autocomplete="username"
        maxLength={80}
      />
      <TextField
        label={t('signIn.password')}
        hidden
        value={password}
        change={setPassword}
        autocomplete="current-password"
      />
      <TextField
        label={t('signIn.code')}
        value={code}
        change={setCode}
        autocomplete="one-time-code"
        hint={t('signIn.codeHint')}
      />
      <button type="submit" class="btn primary" aria-disabled={task.isBusy}>
        {t('signIn.go')}
      </button>
    </Form>
  );
}
