/** What helps against a push that was refused, by git's own words; the cause itself is in them. */
export function pushHint(words: string): string {
  return causes.find(([pattern]) => pattern.test(words))?.[1] ?? otherwise;
}

const elsewhere = 'or keep the ledger elsewhere with `ledger: file`.';

const otherwise = `This is git's own message: fix what it says and run again; ${elsewhere}`;

const rights = `Applying needs the right to push refs/syncline/*: on GitHub \`permissions: { contents: write }\` for that job; ${elsewhere}`;

/** In this order: what a server says of its rules may also say "denied". */
const causes: readonly (readonly [RegExp, string])[] = [
  [
    /hook declined|pre-receive|GH0\d\d|protected/i,
    `A rule or hook of the remote refuses the push: let it pass refs/syncline/*; ${elsewhere}`,
  ],
  [
    /hidden ref|stale info/i,
    `The remote hides refs/syncline/* (transfer.hideRefs or receive.hideRefs): let it show them; ${elsewhere}`,
  ],
  [
    /no space left|disk quota|quota exceeded/i,
    'The disk of the remote, or a quota on it, is full: make room and run again.',
  ],
  [
    /maximum allowed (input )?size|maxInputSize/i,
    `The remote takes no push of this size: raise its limit (receive.maxInputSize); ${elsewhere}`,
  ],
  [/fsck|unpacker error/i, `The remote finds fault with the objects of the ledger (receive.fsckObjects); ${elsewhere}`],
  [
    /does not appear to be a git repository|repository .*not found|does not exist/i,
    'Check the address that this clone pushes to: `git remote get-url --push`.',
  ],
  [
    /resolve host|timed out|did not answer|connection (refused|reset|closed)|network is unreachable|hung up|early EOF|RPC failed/i,
    'Check the network and the access to the remote, then run again.',
  ],
  [
    /denied|permission|forbidden|\b40[13]\b|authenticat|could not read (username|password)|not (allowed|authorized)|read.only|publickey/i,
    rights,
  ],
];
