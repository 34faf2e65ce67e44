/** Lists the scenes of a gallery, each with a link in English and in French. */
export function SceneIndex({ title, names }: { title: string; names: readonly string[] }) {
  return (
    <main class="alone">
      <h1>{title}</h1>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <a href={`?scene=${name}`}>{name}</a> ·{' '}
            <a href={`?scene=${name}&language=fr`} lang="fr">
              français
            </a>
          </li>
        ))}
      </ul>
    </main>
  );
}
