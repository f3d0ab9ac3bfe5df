import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

// Artefacts are zip archives. Ours hold one file, so this is as much of the format as one file needs.

const localHeader = 0x04034b50;
const directoryEntry = 0x02014b50;
const directoryEnd = 0x06054b50;
/** 1 January 1980: the archive of a plan depends on nothing but the plan. */
const epoch = 0x0021_0000;
const deflated = 8;

/** An archive that holds this one file. */
export function zipOf(name: string, content: Buffer): Buffer {
  const packed = deflateRawSync(content);
  const label = Buffer.from(name, 'utf8');
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  // The name is UTF-8.
  common.writeUInt16LE(0x0800, 2);
  common.writeUInt16LE(deflated, 4);
  common.writeUInt32LE(epoch, 6);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(label.length, 22);
  const local = Buffer.concat([word(localHeader), common, label, packed]);
  const entry = Buffer.concat([word(directoryEntry), half(20), common, Buffer.alloc(14), label]);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(directoryEnd, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

function half(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value, 0);
  return bytes;
}

/**
 * The content of the one file that an archive holds, if it has this name and no more than `most` bytes; undefined for anything else,
 * also where the sum over its bytes is not the one that the archive gives.
 */
export function fileIn(archive: Buffer, name: string, most: number): Buffer | undefined {
  try {
    return onlyFile(archive, name, most);
  } catch (error) {
    // Beyond its end, or no deflated data: whatever it is, it is no archive of ours.
    if (error instanceof RangeError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}

function onlyFile(archive: Buffer, name: string, most: number): Buffer | undefined {
  const end = archive.lastIndexOf(word(directoryEnd));
  if (end < 0 || archive.readUInt16LE(end + 10) !== 1) return undefined;
  const entry = archive.readUInt32LE(end + 16);
  if (archive.readUInt32LE(entry) !== directoryEntry) return undefined;
  const method = archive.readUInt16LE(entry + 10);
  const sum = archive.readUInt32LE(entry + 16);
  const packedSize = archive.readUInt32LE(entry + 20);
  const size = archive.readUInt32LE(entry + 24);
  const nameLength = archive.readUInt16LE(entry + 28);
  const local = archive.readUInt32LE(entry + 42);
  if (archive.toString('utf8', entry + 46, entry + 46 + nameLength) !== name || size > most) return undefined;
  if (archive.readUInt32LE(local) !== localHeader) return undefined;
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedSize);
  const content = method === deflated ? inflateRawSync(packed, { maxOutputLength: most }) : packed;
  const isWhole = (method === deflated || method === 0) && content.length === size && crc32(content) === sum;
  return isWhole ? content : undefined;
}
