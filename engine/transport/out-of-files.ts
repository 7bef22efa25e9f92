import { Unreachable } from '../core/failure.js'

/** Whether the system refuses one more open file. */
export const isOutOfFiles = ({ code }: { readonly code?: string }): boolean => code === 'EMFILE' || code === 'ENFILE'

/** @param where the other end: an address, or a program on this machine */
export const outOfFiles = (where: string): Unreachable =>
  new Unreachable(
    'other',
    `no connection to ${where}: this machine lets tkplay open no more files`,
    'let it open more (ulimit -n 4096), or run for a part of the hosts at a time: --limit',
  )

/** Without a file to spare Node starts no program and makes no streams to it, whatever their types say. */
export const hasStreams = (child: { readonly stdin?: unknown } | undefined): boolean =>
  child?.stdin !== undefined && child.stdin !== null
