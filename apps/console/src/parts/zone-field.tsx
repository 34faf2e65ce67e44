import { useId } from 'preact/hooks';

/** A field for a time zone, with the names that the browser knows. */
export function ZoneField({
  label,
  zone,
  setZone,
}: {
  label: string;
  zone: string;
  setZone: (zone: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        dir="ltr"
        required
        list={`${id}-zones`}
        value={zone}
        onInput={({ currentTarget }) => setZone(currentTarget.value)}
      />
      <datalist id={`${id}-zones`}>
        {Intl.supportedValuesOf('timeZone').map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </div>
  );
}
