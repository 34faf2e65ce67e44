import type {
  ConsoleAuthenticator,
  ConsoleRecoveryCodes,
} from '@farandole/protocol/console-sign-in';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { Form, type NewCredentialProps, TextField, Wrong } from './fields.tsx';
import { useTask } from './use-task.ts';

const GROUP = /.{1,4}/gu;

/**
 * Lets the member set a password and an authenticator app, and asks for one code of the app.
 * Then it shows the recovery codes.
 */
export function NewPassword({ at, also, done }: NewCredentialProps) {
  const task = useTask();
  const [authenticator, setAuthenticator] = useState<ConsoleAuthenticator | null>(null);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  useEffect(
    () => void task.post<ConsoleAuthenticator>(`${at}-options`, also, setAuthenticator),
    [],
  );
  const keep = () =>
    task.post<ConsoleRecoveryCodes>(at, { ...also, password, code }, ({ recoveryCodes }) =>
      setCodes(recoveryCodes),
    );
  if (codes.length > 0) return <RecoveryCodes codes={codes} done={done} />;
  if (authenticator === null) {
    return task.problem === null ? <p>{t('app.loading')}</p> : <Wrong problem={task.problem} />;
  }
  return (
    <Form problem={task.problem} submit={() => void keep()}>
      <TextField
        label={t('password.new')}
        hidden
        value={password}
        change={setPassword}
        autocomplete="new-password"
        hint={t('password.newHint')}
      />
      <div class="field">
        <span class="label">{t('password.secret')}</span>
        <code class="secret">{(authenticator.secret.match(GROUP) ?? []).join(' ')}</code>
        <span class="hint">
          {t('password.secretHint')} <a href={authenticator.address}>{t('password.openApp')}</a>
        </span>
      </div>
      <TextField
        label={t('password.code')}
        value={code}
        change={setCode}
        autocomplete="one-time-code"
        maxLength={8}
      />
      <button type="submit" class="btn primary" aria-disabled={task.isBusy}>
        {t('password.keep')}
      </button>
    </Form>
  );
}

/** Shows the recovery codes only once, because the node stores only their digests. */
export function RecoveryCodes({
  codes,
  done,
}: {
  codes: readonly string[];
  done: () => Promise<void>;
}) {
  return (
    <div class="sign-in-form">
      <h2>{t('recovery.title')}</h2>
      <p>{t('recovery.text')}</p>
      <ol class="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <button type="button" class="btn primary" onClick={() => void done()}>
        {t('recovery.kept')}
      </button>
    </div>
  );
}
