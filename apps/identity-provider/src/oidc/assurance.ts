/** How sure we are who it is: by one factor, or by two. Step-up (RFC 9470) asks by these names. */
export const assurance = { single: 'urn:facet:acr:1', multi: 'urn:facet:acr:2' } as const;
