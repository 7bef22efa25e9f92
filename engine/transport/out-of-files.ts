import { Unreachable } from '../core/failure.js'

/** Whether the error says that no more files can be opened. */
export const isOutOfFiles = ({ code }: { readonly code?: string }): boolean => code === 'EMFILE' || code === 'ENFILE'

/** @param where what was to be opened: an address, or a program on this machine */
export const outOfFiles = (where: string): Unreachable =>
  new Unreachable(
    'other',
    `no connection to ${where}: this machine lets tkplay open no more files`,
    'let it open more (ulimit -n 4096), or run for a part of the hosts at a time: --limit',
  )

/**
 * Whether a child process has streams. When no more files can be opened, Node starts no program and makes no streams,
 * though its types say so.
 */
export const hasStreams = (child: { readonly stdin?: unknown } | undefined): boolean =>
  child?.stdin !== undefined && child.stdin !== null
