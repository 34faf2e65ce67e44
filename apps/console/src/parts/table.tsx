import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly class?: string;
}

/**
 * A table whose first column is the row header. In a narrow window each row becomes a card with
 * labelled cells.
 */
export function Table<Row>({
  rows,
  keyOf,
  columns: [first, ...others],
  ...table
}: {
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  columns: readonly [Column<Row>, ...Column<Row>[]];
  class?: string;
  caption?: string;
}) {
  return (
    <table class={`table cards-when-narrow ${table.class ?? ''}`.trim()}>
      {table.caption === undefined ? null : <caption class="sr">{table.caption}</caption>}
      <thead>
        <tr>
          {[first, ...others].map(({ head }) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            <th scope="row" class={first.class}>
              {first.cell(row)}
            </th>
            {others.map((column) => (
              <td key={column.head} data-label={column.head} class={column.class}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
