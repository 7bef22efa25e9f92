import type { HostRecap, RunEnded, StepEnded } from '../../../engine/core/event.js'

/** Events for tests of reporters. */
export const stepEnded = (host: string, name: string, more: Partial<StepEnded> = {}): StepEnded => ({
  kind: 'step-ended',
  host,
  step: { id: name, name, module: 'command', source: { file: 'site.yml', line: 3, col: 7 }, play: '0.0' },
  status: 'changed',
  changes: [],
  ms: 1500,
  ...more,
})

export const recap = (more: Partial<HostRecap> = {}): HostRecap => ({
  ok: 0,
  changed: 0,
  wouldChange: 0,
  unknown: 0,
  skipped: 0,
  failed: 0,
  ignored: 0,
  rescued: 0,
  unreachable: 0,
  notIdempotent: 0,
  executedInCheck: 0,
  onlyInRun: 0,
  roundTrips: 1,
  ...more,
})

export const runEnded = (hosts: RunEnded['hosts'], more: Partial<RunEnded> = {}): RunEnded => ({
  kind: 'run-ended',
  check: false,
  hosts,
  exitCode: 0,
  ms: 12_345,
  ...more,
})

export const failed = (message: string) =>
  ({
    status: 'failed',
    failure: {
      failure: {
        kind: 'task-failed',
        message,
        command: 'ls /nowhere',
        raw: { rc: 2, stdout: new Uint8Array(), stderr: Buffer.from('ls: no such file\n') },
      },
    },
  }) as const
