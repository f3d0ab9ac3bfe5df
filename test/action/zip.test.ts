import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fileIn, zipOf } from '../../src/action/github/zip.ts';

const content = Buffer.from('{"version":1,"plans":[]}\n'.repeat(100));
const most = 1_000_000;

describe('an archive of one file', () => {
  test('comes back as it went in', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        expect(fileIn(zipOf('plan.json', Buffer.from(bytes)), 'plan.json', most)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('is read by others, and whatever others pack is read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'syncline-zip-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const python = (script: string) => execFileSync('python3', ['-c', script], { cwd: folder, encoding: 'utf8' });
    writeFileSync(join(folder, 'ours.zip'), zipOf('plan.json', content));
    expect(
      python(
        "import zipfile; z = zipfile.ZipFile('ours.zip'); print(z.testzip(), z.read('plan.json').decode(), end='')",
      ),
    ).toBe(`None ${content}`);
    writeFileSync(join(folder, 'plan.json'), content);
    for (const method of ['ZIP_STORED', 'ZIP_DEFLATED']) {
      const theirs = python(
        `import zipfile, sys, base64\nwith zipfile.ZipFile('theirs.zip', 'w', zipfile.${method}) as z: z.write('plan.json')\nprint(base64.b64encode(open('theirs.zip', 'rb').read()).decode())`,
      );
      expect(fileIn(Buffer.from(theirs, 'base64'), 'plan.json', most)).toEqual(content);
    }
  });

  const archive = zipOf('plan.json', content);
  const end = archive.length - 22;
  const patched = (offset: number, ...bytes: number[]) => {
    const copy = Buffer.from(archive);
    copy.set(bytes, offset);
    return copy;
  };
  const entry = archive.readUInt32LE(end + 16);

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['an end alone', archive.subarray(end)],
    ['text', Buffer.from('PK\u0005\u0006 and the rest of a letter that has no archive in it')],
    ['two files', patched(end + 10, 2)],
    ['a directory that lies elsewhere', patched(end + 16, 0xff, 0xff, 0xff, 0xff)],
    ['a file that lies elsewhere', patched(entry + 42, 0xff, 0xff, 0xff, 0x7f)],
    ['another sum', patched(entry + 16, 0)],
    ['another size', patched(entry + 24, 1)],
    ['a method that is not known', patched(entry + 10, 12)],
    ['bytes that are not deflated', patched(39, 0xff, 0xff, 0xff)],
    ['another name', zipOf('../plan.json', content)],
    ['more than may be', zipOf('plan.json', Buffer.alloc(most + 1))],
  ])('%s is none', (_name, bytes) => {
    expect(fileIn(bytes, 'plan.json', most)).toBeUndefined();
  });

  test('a bomb does not go off', () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000));
    const small = zipOf('plan.json', Buffer.from('x'));
    const at = small.readUInt32LE(small.length - 22 + 16);
    const [head, tail] = [small.subarray(0, 39), Buffer.from(small.subarray(at))];
    tail.writeUInt32LE(bomb.length, 20);
    const grown = Buffer.concat([head, bomb, tail]);
    grown.writeUInt32LE(39 + bomb.length, grown.length - 22 + 16);
    expect(fileIn(grown, 'plan.json', most)).toBeUndefined();
  });
});
