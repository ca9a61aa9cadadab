// Nothing from outside: no fonts, no telemetry, no proxy, no services of others.
Scalar.createApiReference('#reference', {
  sources: SOURCES,
  withDefaultFonts: false,
  telemetry: false,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  orderSchemaPropertiesBy: 'preserve',
  persistAuth: false,
  // That of the emulator, which is the first server.
  authentication: {
    preferredSecurityScheme: 'Token',
    securitySchemes: { Token: { value: 'emulated-token' } },
  },
});
