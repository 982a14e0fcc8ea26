package io.sluice.worker;
