package io.sluice.gateway;
