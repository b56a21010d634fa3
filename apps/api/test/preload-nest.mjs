// Nest is ESM, but some of its companions are CommonJS and `require` it. jest refuses that while Nest itself is still
// being linked, so Nest is evaluated here, before any test file.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
