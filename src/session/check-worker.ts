import { parentPort, workerData } from 'node:worker_threads';
import { type FileFinding, fileJudge } from '../engine/validate/one-file.ts';
import { kinds, kindsOf } from '../providers/index.ts';
import { type CheckJob, filesAtATime } from './checker.ts';

// Judges files in a thread of its own, and posts what it finds as text, a few files at a time: text is what threads hand over fastest.
const { project, targets, files } = workerData as CheckJob;
const { judge } = fileJudge({ project, kinds, kindsOf, targets });
let findings: FileFinding[] = [];
for (const file of files) {
  findings.push(await judge(file));
  // The first one alone shows what has to be read.
  if (findings.length >= filesAtATime || file === files[0]) post();
}
post();

function post(): void {
  if (findings.length > 0) parentPort?.postMessage(JSON.stringify(findings));
  findings = [];
}
