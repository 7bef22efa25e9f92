/**
 * Errors of the system that are about tkplay as a whole: no space, too many open files, working directory gone;
 * undefined for others.
 */
export const systemRefusal = (error: unknown): { readonly message: string; readonly hint: string } | undefined => {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException
  if (syscall === 'uv_cwd') return { message: 'the working folder is gone', hint: 'go to a folder that is there: cd' }
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return {
      message: 'there is no space left to write to',
      hint: 'make room where the output and the temporary files go: df -h',
    }
  if (code === 'EMFILE' || code === 'ENFILE')
    return {
      message: 'too many open files: this machine lets tkplay open no more',
      hint: 'let it open more: ulimit -n 4096',
    }
  return undefined
}
