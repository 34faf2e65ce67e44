import { sql } from 'kysely';
import { openAsIs } from '../backup/store-location.ts';

export interface DatabaseRole {
  readonly name: string;
  readonly isSuperuser: boolean;
  /** Whether the role can create the tables that a migration adds. */
  readonly createsTables: boolean;
}

/** Reads the role with which a server uses a PostgreSQL database. @throws StoreError */
export async function roleAt(url: string): Promise<DatabaseRole> {
  const db = await openAsIs({ kind: 'postgres', url });
  try {
    const { rows } = await sql<DatabaseRole>`
      select rolname::text as "name", rolsuper as "isSuperuser",
        coalesce(has_schema_privilege(current_schema(), 'create'), false) as "createsTables"
      from pg_roles where rolname = current_user
    `.execute(db.withoutPlugins());
    const [role] = rows;
    return role ?? { name: 'unknown', isSuperuser: false, createsTables: false };
  } finally {
    await db.destroy();
  }
}
