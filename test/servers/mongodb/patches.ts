import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Patch {
  /** Path in FerretDB's module. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const UPDATE = 'internal/handler/msg_update.go';
const REGISTRY = 'internal/backends/sqlite/metadata/registry.go';

/** What FerretDB 1 does otherwise than MongoDB and our adapter depends on. */
export const PATCHES: readonly Patch[] = [
  // It finds what an update is about and updates it in two steps: two guarded updates at once would both win.
  { file: UPDATE, from: '\t"fmt"\n', to: '\t"fmt"\n\t"sync"\n' },
  {
    file: UPDATE,
    from: '// updateDocument iterate',
    to: 'var updating sync.Mutex\n\n// updateDocument iterate',
  },
  {
    file: UPDATE,
    from: '\tvar matched, modified int32\n',
    to: '\tupdating.Lock()\n\tdefer updating.Unlock()\n\n\tvar matched, modified int32\n',
  },
  // For each update of a command it keeps one of its 100 connections to SQLite, and then waits for itself.
  { file: UPDATE, from: '\t\tdefer closer.Close()\n', to: '' },
  {
    file: UPDATE,
    from: 'common.UpdateDocument(ctx, c, "update", iter, &u)\n',
    to: 'common.UpdateDocument(ctx, c, "update", iter, &u)\n\t\tcloser.Close()\n',
  },
  // It reads the whole collection for an update by _id and something else, as all of ours are.
  {
    file: 'internal/backends/sqlite/collection.go',
    from: 'if params.Filter.Len() == 1 {\n\t\tv, _ := params.Filter.Get("_id")\n\t\tswitch v.(type) {\n\t\tcase string, types.ObjectID:\n\t\t\twhereClause =',
    to: 'if params.Filter.Len() > 0 {\n\t\tv, _ := params.Filter.Get("_id")\n\t\tswitch v.(type) {\n\t\tcase string, types.ObjectID:\n\t\t\twhereClause =',
  },
  // To SQLite, indexes whose names differ only in case have the same name.
  {
    file: REGISTRY,
    from: '\t\t\tc.TableName+"_"+index.Name,\n',
    to: '\t\t\tfmt.Sprintf("%s_%x", c.TableName, index.Name),\n',
  },
  { file: REGISTRY, from: 'c.TableName+"_"+name)', to: 'fmt.Sprintf("%s_%x", c.TableName, name))' },
  // It names _id otherwise in its queries than in the index that it makes, which SQLite then does not see.
  {
    file: 'internal/backends/sqlite/metadata/metadata.go',
    from: `DefaultColumn + "->'$._id'"`,
    to: `DefaultColumn + "->'_id'"`,
  },
];

/** Changes FerretDB's sources in a folder. Rejects when they are not those that the patches are for. */
export const applyPatches = async (folder: string): Promise<void> => {
  for (const { file, from, to } of PATCHES) {
    const path = join(folder, file);
    const text = await readFile(path, 'utf8');
    const found = text.split(from).length - 1;
    if (found !== 1)
      throw new Error(`Expected ${file} to have this once, but found it ${found} times: ${from}`);
    await writeFile(
      path,
      text.replace(from, () => to),
    );
  }
};
