#!/usr/bin/env node
// Where `syncline` begins: with where Node, from version 22 on, may keep the program as it has compiled it, which is a tenth of every start.
import module from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';

/** As Node 22 has it. */
interface Newer {
  readonly enableCompileCache?: (folder: string) => unknown;
}

const { enableCompileCache }: typeof module & Newer = module;
const folder = cacheFolder(process.env, process.platform);
// It never fails: where nothing can be kept, all is compiled again.
if (folder !== undefined) enableCompileCache?.(join(folder, 'compiled'));
await import('./main.ts');
