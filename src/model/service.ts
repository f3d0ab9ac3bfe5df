import type { ExitCode } from './errors.ts';
import type { Importer } from './import.ts';
import type { Pointer } from './json.ts';
import type { KindDefinition } from './kind.ts';
import type { Assumption, Thing } from './migration.ts';
import type { Target } from './project.ts';
import type { Provider } from './provider.ts';
import type { Retirement } from './retirement.ts';
import type { Scanner } from './scan.ts';
import type { Secret } from './secret.ts';
import type { Reference } from './traits.ts';

/** What is known of a service before any of its code is loaded; generated from the schema source of its targets. */
export interface ServiceFacts<EmulatorOption extends string = string> {
  /** As `provider` in the project file: `census`. */
  readonly name: string;
  /** APIs that this version speaks. */
  readonly apis: readonly string[];
  /** How long a create whose answer was lost may still come true, in seconds, unless a target says otherwise. */
  readonly settle_seconds: number;
  /** APIs that the project file knows and this version does not speak yet. */
  readonly later: readonly string[];
  /** APIs whose targets are groups in the place of a workspace. */
  readonly grouped: readonly string[];
  /** The emulated APIs, and the options of `emulate` that each has of its own. */
  readonly emulators: Readonly<Record<string, readonly EmulatorOption[]>>;
  readonly kinds: readonly string[];
}

/** One API of a service. */
export interface Api<Options> {
  /** What its manifests mean; a kind may mean something else at another API. Pure: loads no transport. */
  readonly kinds: readonly KindDefinition[];
  /** Which token it takes, as a sentence; absent where the service has one kind of token. */
  readonly takes?: string;
  /** What people call what a target has as `token`; absent where there is no other name for it. */
  readonly token?: string;
  /** Absent where the service has announced no end of it. */
  readonly retires?: Retirement;
  /**
   * The provider of a target; its transport is loaded only now. `token` is the value of the target's `token`, or where it has none of
   * its `personal_access_token`. Nothing is sent yet. Throws a SynclineError (exit 3) for a target that cannot be connected.
   */
  connect(target: Target, token: Secret, options: Options): Promise<Provider>;
}

/** A target, as it is reached at one API. */
export interface Reached<Options> {
  readonly target: Target;
  readonly token: Secret;
  readonly options: Options;
}

/** What both APIs connect to, and that only the service knows how to find. */
export interface Survey {
  /** As the older API shows it, and as the newer one does, whole. */
  readonly older: readonly Thing[];
  readonly newer: readonly Thing[];
}

/** What only a service knows of a move between two of its APIs. */
export interface Migration<Options> {
  readonly older: string;
  readonly newer: string;
  /** By kind: how its specs refer to other things, and which fields only one of the APIs has. */
  readonly grammars: Readonly<
    Record<string, { readonly references: readonly Reference[]; readonly own: readonly Pointer[] }>
  >;
  /** The collection whose groups are those of a target. */
  readonly grouped: string;
  /** What people call a collection whose things are something else at the newer API. */
  readonly called: Readonly<Record<string, string>>;
  /** What is relied on where ids of a collection cannot be compared, because an API does not list it. */
  unlisted(collection: string): Assumption;
  /** Reads only. */
  survey(older: Reached<Options>, newer: Reached<Options>): Promise<Survey>;
}

/** A service as the registry knows it. */
export interface Service<Options> {
  readonly name: string;
  /** By the name of the API, as `api` in the project file: `v1`. */
  readonly apis: Readonly<Record<string, Api<Options>>>;
  /** Emulated APIs, by the name that `emulate --api` knows. */
  readonly emulators: Readonly<Record<string, EmulatedApi>>;
  /** Loads what is known of a move between two of its APIs; absent where there is none. */
  readonly migration?: () => Promise<Migration<Options>>;
  /** Loads what `init` begins a project with; absent where it begins none with this service. */
  readonly starter?: () => Promise<Starter>;
  /** Loads what reads the files of other tools that manage its things, by the name of the tool. */
  readonly importers?: Readonly<Record<string, () => Promise<Importer>>>;
  /** Loads what finds code that still speaks an API of it which ends; absent where none ends. */
  readonly scanner?: () => Promise<Scanner>;
  /** Loads its chapter of the demo. */
  readonly chapter?: () => Promise<Chapter>;
}

/** What is asked of an emulator on the command line. */
export interface EmulatorWishes {
  readonly port: number;
  /** The token to take; undefined means the seed's, or a fresh one. */
  readonly token: string | undefined;
  readonly latency: number | undefined;
  readonly faults: readonly string[];
  /** JSON, unchecked; undefined where none was given. */
  readonly seed: unknown;
  /** Values of the options that it has of its own. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

/** Something listens on the loopback interface. */
export interface Emulator {
  readonly url: string;
  readonly token: string;
  /** Keys of its workspaces, by their ids, where there are any beside the token. */
  readonly workspaceTokens?: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export interface EmulatedApi {
  /** Loads its code and starts it. Throws an EmulatorInputError for wishes that make no sense. */
  start(wishes: EmulatorWishes): Promise<Emulator>;
}

/** The texts of a first project. */
export interface Starter {
  /** Lines of a target in the project file, not indented, with comments. */
  readonly target: string;
  /** A kind and a name with a star, as an example of what to protect. */
  readonly protect: string;
  /** A manifest, with comments. */
  readonly manifest: string;
  /** The kind of that manifest. */
  readonly kind: string;
}

/** A project of the examples, and what is shown with it. */
export interface Chapter {
  /** Below the examples. */
  readonly folder: string;
  /** The environment variables that its project file reads. */
  readonly variables: { readonly url: string; readonly token: string };
  readonly steps: readonly Step[];
  open(): Promise<Stage>;
}

/** One thing to watch: a remark, then a command line with the exit code it must have, or something done by hand. `RUN` is the last run. */
export interface Step {
  readonly remark: string;
  readonly line?: string;
  readonly exit?: ExitCode;
  readonly byHand?: true;
}

/** A service that the demo plays against. */
export interface Stage {
  readonly url: string;
  readonly token: string;
  /** What somebody does behind the back of Git. */
  meddle(): void;
  close(): Promise<void>;
}
