import { useState } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { Download } from '../parts/download.tsx';

export function TransparencyReport() {
  const model = useConsole();
  const today = new Date(model.nowMs.value).toISOString().slice(0, 10);
  const [from, setFrom] = useState(`${today.slice(0, 4)}-01-01`);
  const [until, setUntil] = useState(today);
  if (!model.may('transparency.read')) return null;
  const days = new URLSearchParams({ from, until }).toString();
  return (
    <section aria-labelledby="transparency">
      <h2 id="transparency">{t('transparency.title')}</h2>
      <p class="soft">{t('transparency.text')}</p>
      <div class="days">
        <Day label={t('transparency.from')} value={from} max={until} change={setFrom} />
        <Day label={t('transparency.until')} value={until} min={from} change={setUntil} />
      </div>
      <Download path={`transparency/statements.ndjson?${days}`}>
        {t('transparency.statements')}
      </Download>
      <Download path={`transparency/parts.zip?${days}`}>{t('transparency.parts')}</Download>
    </section>
  );
}

function Day({
  label,
  value,
  change,
  ...bounds
}: {
  label: string;
  value: string;
  change: (day: string) => void;
  min?: string;
  max?: string;
}) {
  return (
    <label class="field">
      {label}
      <input
        type="date"
        class="input"
        required
        value={value}
        {...bounds}
        onInput={({ currentTarget }) => {
          // An empty date field is half typed.
          if (currentTarget.value !== '') change(currentTarget.value);
        }}
      />
    </label>
  );
}
