/**
 * What may stand as a host or a user where a shell may read it (`ProxyCommand ssh -W %h:%p …`): OpenSSH's valid_hostname and
 * valid_ruser, which it has since CVE-2023-51385.
 */
export const isHostName = (name: string): boolean =>
  name !== '' && !/^-|['`"$\\;&<>|(){}\s]/.test(name) && !hasControl(name)

export const isUserName = (name: string): boolean =>
  name !== '' && !/^-|['`";&<>|(){}]|\s-|\\$/.test(name) && !hasControl(name)

const hasControl = (text: string): boolean => /\p{Cc}/u.test(text)
