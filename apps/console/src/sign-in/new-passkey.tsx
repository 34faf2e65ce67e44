import { useState } from 'preact/hooks';
import type { Problem } from '../api/api-client.ts';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { type NewCredentialProps, OneFieldForm } from './fields.tsx';
import { createPasskey } from './passkeys.ts';
import { useTask } from './use-task.ts';

/** Lets the member name a passkey and create it. */
export function NewPasskey({ at, also, done }: NewCredentialProps) {
  const { api } = useConsole();
  const task = useTask();
  const [label, setLabel] = useState(t('passkey.usual'));
  const create = async (): Promise<Problem | null> => {
    const options = await api.post<unknown>(`${at}-options`, also);
    if (!options.ok) return options.problem;
    const created = await createPasskey(options.value);
    if (!created.ok) return created.problem;
    const answer = await api.post(at, { ...also, label, credential: created.value });
    if (!answer.ok) return answer.problem;
    await done();
    return null;
  };
  return (
    <OneFieldForm
      problem={task.problem}
      submit={() => void task.run(create)}
      isBusy={task.isBusy}
      label={t('passkey.label')}
      value={label}
      change={setLabel}
      autocomplete="off"
      hint={t('passkey.labelHint')}
      maxLength={60}
      go={t('passkey.create')}
    />
  );
}
