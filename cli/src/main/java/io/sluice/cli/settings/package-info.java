/** What can be set: each setting one record field, one flag, one environment variable. */
package io.sluice.cli.settings;
